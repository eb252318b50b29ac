/** The life of a training round, from its trigger to the verdict on its candidate. */
@NullMarked
package dev.perennial.scheduler.round;

import org.jspecify.annotations.NullMarked;
