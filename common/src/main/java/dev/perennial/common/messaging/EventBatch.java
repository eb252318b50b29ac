package dev.perennial.common.messaging;

import dev.perennial.common.event.Event;
import dev.perennial.common.event.EventFamily;
import dev.perennial.common.event.UnreadableEventException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One subscription's work on a polled batch: read, hand over, and put poison aside. */
final class EventBatch<E extends Event> {
    private static final Logger log = LoggerFactory.getLogger(EventBatch.class);

    private record Read<E extends Event>(ConsumerRecord<String, byte[]> message, Envelope<E> envelope) {}

    private final String group;
    private final EventFamily family;
    private final Set<String> types;
    private final Set<String> known;
    private final Set<Class<? extends E>> classes;
    private final BatchHandler<E> handler;
    private final DeadLetterQueue deadLetters;

    EventBatch(
            String group,
            EventFamily family,
            Set<Class<? extends E>> classes,
            BatchHandler<E> handler,
            DeadLetterQueue deadLetters) {
        this.group = group;
        this.family = family;
        this.classes = classes;
        this.types = classes.stream().map(Class::getSimpleName).collect(Collectors.toUnmodifiableSet());
        this.known = Set.copyOf(family.types().keySet());
        this.handler = handler;
        this.deadLetters = deadLetters;
    }

    void onMessages(List<ConsumerRecord<String, byte[]>> messages) {
        List<Read<E>> events = new ArrayList<>(messages.size());
        for (ConsumerRecord<String, byte[]> message : messages) {
            String type = CloudEvents.type(message);
            if (type == null || types.contains(type) || !known.contains(type)) {
                read(message, events);
            }
        }
        if (!events.isEmpty()) {
            handle(events);
        }
    }

    private void read(ConsumerRecord<String, byte[]> message, List<Read<E>> events) {
        try {
            Envelope<Event> envelope = CloudEvents.read(family, message);
            for (Class<? extends E> wanted : classes) {
                if (wanted.isInstance(envelope.event())) {
                    events.add(new Read<>(
                            message,
                            new Envelope<>(
                                    envelope.id(),
                                    envelope.source(),
                                    envelope.time(),
                                    envelope.key(),
                                    wanted.cast(envelope.event()))));
                }
            }
        } catch (UnreadableEventException e) {
            bury(message, e);
        }
    }

    /** A fault that only some event causes is found by handing the events over one by one. */
    private void handle(List<Read<E>> events) {
        try {
            handler.handle(events.stream().map(Read::envelope).toList());
        } catch (RuntimeException e) {
            if (Faults.isInfrastructure(e)) {
                log.warn("batch.retried group={} events={} fault={}", group, events.size(), Faults.describe(e));
                throw e;
            }
            if (events.size() == 1) {
                bury(events.getFirst().message(), e);
            } else {
                events.forEach(event -> handle(List.of(event)));
            }
        }
    }

    private void bury(ConsumerRecord<String, byte[]> message, RuntimeException reason) {
        log.warn("event.buried group={} partition={} offset={}", group, message.partition(), message.offset(), reason);
        deadLetters.bury(family, group, message, reason);
    }
}
