package dev.perennial.common.messaging;

import dev.perennial.common.event.EventFamily;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Puts poison aside with what is needed to understand and replay it. */
final class DeadLetterQueue {
    static final String GROUP = "perennial_group";
    static final String REASON = "perennial_reason";
    static final String ORIGIN = "perennial_origin";
    private static final int MAX_REASON = 2000;

    private final EventPublisher publisher;

    DeadLetterQueue(EventPublisher publisher) {
        this.publisher = publisher;
    }

    void bury(EventFamily family, String group, ConsumerRecord<String, byte[]> message, RuntimeException reason) {
        ProducerRecord<String, byte[]> letter = new ProducerRecord<>(
                family.deadLetterTopic(), null, message.timestamp(), message.key(), message.value(), message.headers());
        String text = Faults.describe(reason);
        add(letter, GROUP, group);
        add(letter, REASON, text.length() > MAX_REASON ? text.substring(0, MAX_REASON) : text);
        add(letter, ORIGIN, message.topic() + "-" + message.partition() + "@" + message.offset());
        publisher.send(List.of(letter));
    }

    private static void add(ProducerRecord<String, byte[]> letter, String name, String value) {
        letter.headers().remove(name).add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
