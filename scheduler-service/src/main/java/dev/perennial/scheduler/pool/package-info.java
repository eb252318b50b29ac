/** What the scorer accepted, counted once, and what must stay out of training. */
@NullMarked
package dev.perennial.scheduler.pool;

import org.jspecify.annotations.NullMarked;
