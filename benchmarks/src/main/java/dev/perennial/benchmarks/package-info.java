/** Measured comparisons by command. */
@NullMarked
package dev.perennial.benchmarks;

import org.jspecify.annotations.NullMarked;
