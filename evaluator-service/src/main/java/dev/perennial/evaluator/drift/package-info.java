/** Drift: noticing in the feedback that the live version gets worse, and on which labels. */
@NullMarked
package dev.perennial.evaluator.drift;

import org.jspecify.annotations.NullMarked;
