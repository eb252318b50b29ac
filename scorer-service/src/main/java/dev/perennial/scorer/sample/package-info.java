/** Samples and their verdicts, listed and counted. */
@NullMarked
package dev.perennial.scorer.sample;

import org.jspecify.annotations.NullMarked;
