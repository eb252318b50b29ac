/** Metrics as pure functions of answers, with the intervals that say how far to trust them. */
@NullMarked
package dev.perennial.evaluator.metric;

import org.jspecify.annotations.NullMarked;
