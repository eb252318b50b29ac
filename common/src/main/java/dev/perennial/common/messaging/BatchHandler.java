package dev.perennial.common.messaging;

import dev.perennial.common.event.Event;
import java.util.List;

/**
 * Handles a batch of events, in order, each possibly again: it commits its effects before it returns and drops ids that
 * it has seen. When it throws, the whole batch comes back.
 */
@FunctionalInterface
public interface BatchHandler<E extends Event> {
    void handle(List<Envelope<E>> batch);
}
