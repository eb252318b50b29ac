package dev.perennial.common.messaging;

import dev.perennial.common.event.EventFamily;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists dead letters and replays them: back into their family's topic, where every subscription drops what it has
 * already seen. A replayed letter is deleted; one that is still poison is buried again.
 */
public final class DeadLetters {
    static final String GROUP = "perennial.dead-letters";
    private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long DELETE_SECONDS = 20;

    private final Map<String, Object> consumerProperties;
    private final Map<String, Object> adminProperties;
    private final EventPublisher publisher;

    DeadLetters(Map<String, Object> consumerProperties, Map<String, Object> adminProperties, EventPublisher publisher) {
        this.adminProperties = Map.copyOf(adminProperties);
        this.consumerProperties = new HashMap<>(consumerProperties);
        this.consumerProperties.put(ConsumerConfig.GROUP_ID_CONFIG, GROUP);
        this.publisher = publisher;
    }

    /** Those not yet replayed, oldest first. */
    public List<DeadLetter> list(EventFamily family, int limit) {
        try (Consumer<String, byte[]> consumer = new KafkaConsumer<>(consumerProperties)) {
            return waiting(consumer, family, limit).stream()
                    .map(message -> describe(family, message))
                    .toList();
        }
    }

    /**
     * Replays those not yet replayed, oldest first.
     *
     * @return how many went back
     */
    public int replay(EventFamily family, int limit) {
        try (Consumer<String, byte[]> consumer = new KafkaConsumer<>(consumerProperties)) {
            List<ConsumerRecord<String, byte[]>> letters = waiting(consumer, family, limit);
            publisher.send(letters.stream().map(letter -> back(family, letter)).toList());
            consumer.commitSync(letters.stream()
                    .collect(Collectors.toMap(
                            letter -> new TopicPartition(letter.topic(), letter.partition()),
                            letter -> new OffsetAndMetadata(letter.offset() + 1),
                            (earlier, later) -> later.offset() > earlier.offset() ? later : earlier)));
            delete(consumer.committed(consumer.assignment()));
            return letters.size();
        }
    }

    /**
     * The committed offset alone does not do: a broker forgets it after a week without a replay. It stays because a
     * fault between replay and deletion must not bring the letters back; the next replay deletes them then.
     */
    private void delete(Map<TopicPartition, OffsetAndMetadata> replayed) {
        Map<TopicPartition, RecordsToDelete> before = replayed.entrySet().stream()
                .filter(partition -> partition.getValue() != null)
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        partition -> RecordsToDelete.beforeOffset(
                                partition.getValue().offset())));
        try (Admin admin = Admin.create(adminProperties)) {
            admin.deleteRecords(before).all().get(DELETE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            log.warn("letters.undeleted partitions={} fault={}", before.keySet(), Faults.describe(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<ConsumerRecord<String, byte[]>> waiting(
            Consumer<String, byte[]> consumer, EventFamily family, int limit) {
        Set<TopicPartition> partitions = consumer.partitionsFor(family.deadLetterTopic()).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .collect(Collectors.toSet());
        consumer.assign(partitions);
        seekToCommitted(consumer, partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        List<ConsumerRecord<String, byte[]>> letters = new ArrayList<>();
        while (letters.size() < limit && behind(consumer, ends)) {
            consumer.poll(POLL).forEach(letters::add);
        }
        return letters.size() > limit ? letters.subList(0, limit) : letters;
    }

    private static void seekToCommitted(Consumer<String, byte[]> consumer, Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.copyOf(partitions));
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata offset = committed.get(partition);
            if (offset == null) {
                consumer.seekToBeginning(Set.of(partition));
            } else {
                consumer.seek(partition, offset.offset());
            }
        }
    }

    private static boolean behind(Consumer<String, byte[]> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue());
    }

    private static ProducerRecord<String, byte[]> back(EventFamily family, ConsumerRecord<String, byte[]> letter) {
        return new ProducerRecord<>(
                family.topic(), null, letter.timestamp(), letter.key(), letter.value(), letter.headers());
    }

    private static DeadLetter describe(EventFamily family, ConsumerRecord<String, byte[]> letter) {
        return new DeadLetter(
                family.name().toLowerCase(Locale.ROOT),
                letter.partition() + "-" + letter.offset(),
                Instant.ofEpochMilli(letter.timestamp()),
                letter.key(),
                CloudEvents.type(letter),
                header(letter, CloudEvents.ID),
                header(letter, DeadLetterQueue.GROUP),
                header(letter, DeadLetterQueue.REASON),
                header(letter, DeadLetterQueue.ORIGIN),
                letter.value() == null ? null : new String(letter.value(), StandardCharsets.UTF_8));
    }

    private static @Nullable String header(ConsumerRecord<String, byte[]> letter, String name) {
        return CloudEvents.text(Objects.requireNonNull(letter.headers()), name);
    }
}
