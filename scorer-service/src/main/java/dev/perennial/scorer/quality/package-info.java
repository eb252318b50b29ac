/** What makes a candidate acceptable: pure decisions that the stage, the cohort judge and the benchmarks share. */
@NullMarked
package dev.perennial.scorer.quality;

import org.jspecify.annotations.NullMarked;
