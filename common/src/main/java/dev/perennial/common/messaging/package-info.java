/** Publishing, batch consumption, outbox and dead letters. */
@NullMarked
package dev.perennial.common.messaging;

import org.jspecify.annotations.NullMarked;
