/** Which samples of the pool a training set consists of. */
@NullMarked
package dev.perennial.scheduler.mix;

import org.jspecify.annotations.NullMarked;
