/** Slots that training runs take turns on. */
@NullMarked
package dev.perennial.scheduler.queue;

import org.jspecify.annotations.NullMarked;
