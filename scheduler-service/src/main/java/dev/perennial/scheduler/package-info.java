/** The sample pool, dataset snapshots and training rounds. */
@NullMarked
package dev.perennial.scheduler;

import org.jspecify.annotations.NullMarked;
