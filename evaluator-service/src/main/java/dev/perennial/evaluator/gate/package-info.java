/** The gate: whether a candidate may have traffic. */
@NullMarked
package dev.perennial.evaluator.gate;

import org.jspecify.annotations.NullMarked;
