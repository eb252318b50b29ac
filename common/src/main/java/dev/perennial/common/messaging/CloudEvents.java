package dev.perennial.common.messaging;

import dev.perennial.common.event.Event;
import dev.perennial.common.event.EventFamily;
import dev.perennial.common.event.EventJson;
import dev.perennial.common.event.UnreadableEventException;
import dev.perennial.common.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** CloudEvents 1.0 in Kafka's binary mode: attributes as {@code ce_} headers, the JSON record as the value. */
final class CloudEvents {
    static final String ID = "ce_id";
    static final String TYPE = "ce_type";
    static final String SOURCE = "ce_source";
    static final String TIME = "ce_time";

    /** Kafka's own limit is 1 MiB a message; the rest is left for the key, the headers and a dead letter's reason. */
    static final int MAX_VALUE_BYTES = 900_000;

    private CloudEvents() {}

    /**
     * An event's bytes.
     *
     * @throws ProblemException when no broker would take them, however often they were sent
     */
    static byte[] value(Envelope<?> envelope) {
        byte[] value = EventJson.write(envelope.event());
        if (value.length > MAX_VALUE_BYTES) {
            throw new ProblemException(
                    HttpStatus.CONTENT_TOO_LARGE,
                    "event-too-large",
                    "This would make a " + envelope.event().getClass().getSimpleName() + " event of " + value.length
                            + " bytes where " + MAX_VALUE_BYTES
                            + " is the limit; nothing was changed. Send fewer or shorter texts, labels or rules.");
        }
        return value;
    }

    static ProducerRecord<String, byte[]> write(Envelope<?> envelope) {
        return write(
                EventFamily.of(envelope.event()).topic(),
                envelope.id(),
                envelope.event().getClass().getSimpleName(),
                envelope.source(),
                envelope.time(),
                envelope.key(),
                value(envelope));
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
