package dev.perennial.common.messaging;

import dev.perennial.common.event.Event;
import dev.perennial.common.event.EventFamily;
import dev.perennial.common.event.EventJson;
import dev.perennial.common.event.UnreadableEventException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** CloudEvents 1.0 in Kafka's binary mode: attributes as {@code ce_} headers, the JSON record as the value. */
final class CloudEvents {
    static final String ID = "ce_id";
    static final String TYPE = "ce_type";
    static final String SOURCE = "ce_source";
    static final String TIME = "ce_time";

    private CloudEvents() {}

    static ProducerRecord<String, byte[]> write(Envelope<?> envelope) {
        return write(
                EventFamily.of(envelope.event()).topic(),
                envelope.id(),
                envelope.event().getClass().getSimpleName(),
                envelope.source(),
                envelope.time(),
                envelope.key(),
                EventJson.write(envelope.event()));
    }

    static ProducerRecord<String, byte[]> write(
            String topic, String id, String type, String source, Instant time, String key, byte[] value) {
        ProducerRecord<String, byte[]> message = new ProducerRecord<>(topic, key, value);
        Headers headers = message.headers();
        add(headers, "ce_specversion", "1.0");
        add(headers, ID, id);
        add(headers, TYPE, type);
        add(headers, SOURCE, source);
        add(headers, TIME, time.toString());
        add(headers, "content-type", "application/json");
        return message;
    }

    /** Reads an event or throws {@link UnreadableEventException}'s cause: a missing attribute is poison too. */
    static Envelope<Event> read(EventFamily family, ConsumerRecord<String, byte[]> message) {
        String type = type(message);
        String id = text(message.headers(), ID);
        if (type == null || id == null || message.value() == null) {
            throw new UnreadableEventException("a CloudEvents id, a type or the value is missing");
        }
        Event event = EventJson.read(family, type, message.value());
        String source = text(message.headers(), SOURCE);
        return new Envelope<>(
                id,
                source == null ? "unknown" : source,
                time(message),
                message.key() == null ? "" : message.key(),
                event);
    }

    static @Nullable String type(ConsumerRecord<String, byte[]> message) {
        return text(message.headers(), TYPE);
    }

    static @Nullable String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static Instant time(ConsumerRecord<String, byte[]> message) {
        String time = text(message.headers(), TIME);
        try {
            return time == null ? Instant.ofEpochMilli(message.timestamp()) : Instant.parse(time);
        } catch (DateTimeParseException e) {
            throw new UnreadableEventException("its time '" + time + "' is not an RFC 3339 instant");
        }
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
