package dev.perennial.common.messaging;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A buried event.
 *
 * @param position partition and offset in the dead-letter topic, such as {@code 0-17}; names it for a replay
 * @param group the subscription that could not handle it
 * @param origin topic, partition and offset where it was read
 */
public record DeadLetter(
        String family,
        String position,
        Instant time,
        @Nullable String key,
        @Nullable String type,
        @Nullable String id,
        @Nullable String group,
        @Nullable String reason,
        @Nullable String origin,
        @Nullable String value) {}
