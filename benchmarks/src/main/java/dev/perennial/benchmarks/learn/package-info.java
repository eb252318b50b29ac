/** How well the fine-tuning library learns, through its public API alone. */
@NullMarked
package dev.perennial.benchmarks.learn;

import org.jspecify.annotations.NullMarked;
