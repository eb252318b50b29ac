/** The life of a training run: requested, leased, checkpointed, ended once. */
@NullMarked
package dev.perennial.trainer.run;

import org.jspecify.annotations.NullMarked;
