/** Evaluation sets, reports, the gate and drift detection. */
@NullMarked
package dev.perennial.evaluator;

import org.jspecify.annotations.NullMarked;
