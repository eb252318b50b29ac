package dev.perennial.common.messaging;

import dev.perennial.common.event.Event;
import java.time.Instant;
import java.util.Objects;

/**
 * An event with what CloudEvents wants to know of it.
 *
 * @param id a function of stage and input (see {@link dev.perennial.common.event.EventIds}); consumers drop an id they
 *     have seen
 * @param source the service, such as {@code scorer}
 * @param key Kafka key; events of one key keep their order
 */
public record Envelope<E extends Event>(String id, String source, Instant time, String key, E event) {
    public Envelope {
        Objects.requireNonNull(id);
        Objects.requireNonNull(source);
        Objects.requireNonNull(time);
        Objects.requireNonNull(key);
        Objects.requireNonNull(event);
    }
}
