package dev.perennial.common.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.common.Plumbing;
import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.DriftEvent.DriftDetected;
import dev.perennial.common.event.EventFamily;
import dev.perennial.common.event.TrainingEvent;
import dev.perennial.common.event.TrainingEvent.TrainingFailed;
import dev.perennial.common.problem.ProblemException;
import dev.perennial.embedded.TestBroker;
import dev.perennial.embedded.TestInfrastructure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeliveryIT {
    private final TestBroker broker = TestInfrastructure.freshBroker();
    private final MessagingConfiguration parts = new MessagingConfiguration();
    private final KafkaProperties kafka = new KafkaProperties();
    private EventPublisher publisher;
    private EventSubscriptions subscriptions;

    @BeforeAll
    void connect() {
        kafka.setBootstrapServers(List.of(broker.bootstrapServers()));
        KafkaAdmin admin = new KafkaAdmin(Map.of("bootstrap.servers", broker.bootstrapServers()));
        admin.createOrModifyTopics(MessagingConfiguration.topics());
        publisher = parts.eventPublisher(parts.eventTemplate(parts.eventProducers(kafka)));
        subscriptions = parts.eventSubscriptions(kafka, publisher);
    }

    @AfterAll
    void disconnect() {
        broker.close();
    }

    @Test
    void an_outbox_event_is_sent_after_its_commit_and_never_after_a_rollback() throws Exception {
        ServiceSchema schema = Plumbing.schema();
        Outbox outbox = new Outbox(schema, publisher);
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        var container = subscriptions.<DriftDetected>batch(
                "outbox-probe",
                EventFamily.DRIFT,
                Set.of(DriftDetected.class),
                batch -> batch.forEach(envelope -> received.add(envelope.id())));
        outbox.start();
        container.start();
        try {
            schema.transactions().executeWithoutResult(status -> {
                outbox.append(drift("rolled-back"));
                status.setRollbackOnly();
            });
            schema.transactions().executeWithoutResult(status -> {
                outbox.append(drift("committed"));
                outbox.append(drift("committed"));
            });

            assertThat(received.poll(20, TimeUnit.SECONDS)).isEqualTo("committed");
            assertThat(received.poll(300, TimeUnit.MILLISECONDS)).isNull();
            assertThatThrownBy(() -> outbox.append(drift("outside"))).isInstanceOf(IllegalStateException.class);
        } finally {
            container.stop();
            outbox.stop();
        }
    }

    @Test
    void an_event_that_no_broker_takes_is_refused_and_the_next_one_is_sent() {
        ServiceSchema schema = Plumbing.schema();
        Outbox outbox = new Outbox(schema, publisher);
        String tooLong = "x".repeat(CloudEvents.MAX_VALUE_BYTES);

        assertThatThrownBy(() -> schema.transactions().executeWithoutResult(status -> {
                    outbox.append(failed("size-probe", "small"));
                    outbox.append(failed("size-probe", "large", tooLong));
                }))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("event-too-large"))
                .hasMessageContaining("TrainingFailed");
        assertThatThrownBy(() -> publisher.publish(List.of(failed("size-probe", "large", tooLong))))
                .isInstanceOf(ProblemException.class);
        schema.transactions()
                .executeWithoutResult(status -> outbox.append(failed("size-probe", "fits", tooLong.substring(1000))));

        assertThat(outbox.relay()).isEqualTo(1);
    }

    @Test
    void poison_is_buried_the_rest_is_handled_and_a_replay_brings_it_back() throws Exception {
        BlockingQueue<String> handled = new LinkedBlockingQueue<>();
        AtomicInteger refusals = new AtomicInteger(1);
        var container = subscribe("poison-probe", batch -> {
            for (Envelope<TrainingFailed> envelope : batch) {
                if (envelope.event().runId().equals("poison") && refusals.get() > 0) {
                    throw new IllegalStateException("cannot be handled");
                }
            }
            batch.forEach(envelope -> handled.add(envelope.event().runId()));
        });
        DeadLetters deadLetters = parts.deadLetters(kafka, publisher);
        container.start();
        try {
            publisher.send(List.of(new ProducerRecord<>(
                    EventFamily.TRAINING.topic(), "m", "not an event".getBytes(StandardCharsets.UTF_8))));
            publisher.publish(List.of(
                    failed("poison-probe", "before"),
                    failed("poison-probe", "poison"),
                    failed("poison-probe", "after")));

            assertThat(handled.poll(20, TimeUnit.SECONDS)).isEqualTo("before");
            assertThat(handled.poll(20, TimeUnit.SECONDS)).isEqualTo("after");
            await(() -> deadLetters.list(EventFamily.TRAINING, 10).size() == 2);
            assertThat(deadLetters.list(EventFamily.TRAINING, 10))
                    .extracting(DeadLetter::id)
                    .containsExactly(null, "poison");
            assertThat(deadLetters.list(EventFamily.TRAINING, 10).getLast().reason())
                    .contains("cannot be handled");

            refusals.set(0);
            assertThat(deadLetters.replay(EventFamily.TRAINING, 10)).isEqualTo(2);
            assertThat(handled.poll(20, TimeUnit.SECONDS)).isEqualTo("poison");
            await(() -> deadLetters.list(EventFamily.TRAINING, 10).size() == 1);
            assertThat(deadLetters.list(EventFamily.TRAINING, 10).getFirst().reason())
                    .contains("CloudEvents id");

            forgetOffsets();
            assertThat(deadLetters.list(EventFamily.TRAINING, 10))
                    .as("replayed letters stay away when the broker has expired the offsets")
                    .hasSize(1);
        } finally {
            container.stop();
        }
    }

    @Test
    void an_outage_is_waited_out_and_buries_nothing() throws Exception {
        BlockingQueue<String> handled = new LinkedBlockingQueue<>();
        AtomicInteger outage = new AtomicInteger(3);
        var container = subscribe("outage-probe", batch -> {
            if (outage.getAndDecrement() > 0) {
                throw new TransientDataAccessResourceException("the database is away");
            }
            batch.stream()
                    .map(envelope -> envelope.event().runId())
                    .filter("through"::equals)
                    .forEach(handled::add);
        });
        container.start();
        try {
            publisher.publish(List.of(failed("outage-probe", "through")));

            assertThat(handled.poll(30, TimeUnit.SECONDS)).isEqualTo("through");
            assertThat(parts.deadLetters(kafka, publisher).list(EventFamily.TRAINING, 100))
                    .noneMatch(letter ->
                            "outage-probe.training.v1".equals(letter.group()) && "through".equals(letter.id()));
        } finally {
            container.stop();
        }
    }

    private ConcurrentMessageListenerContainer<String, byte[]> subscribe(
            String service, BatchHandler<TrainingFailed> handler) {
        return subscriptions.batch(
                service,
                EventFamily.TRAINING,
                Set.of(TrainingFailed.class),
                batch -> handler.handle(batch.stream()
                        .filter(envelope -> envelope.event().model().equals(service))
                        .toList()));
    }

    /** What a broker does with a group without members after {@code offsets.retention.minutes}. */
    private void forgetOffsets() throws Exception {
        try (Admin admin = Admin.create(kafka.buildAdminProperties())) {
            admin.deleteConsumerGroups(List.of(DeadLetters.GROUP)).all().get(20, TimeUnit.SECONDS);
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited 20 s").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private static Envelope<TrainingEvent> failed(String model, String id) {
        return failed(model, id, "test");
    }

    private static Envelope<TrainingEvent> failed(String model, String id, String reason) {
        return new Envelope<>(id, "probe", Instant.EPOCH, model, new TrainingFailed(id, model, 1, reason));
    }

    private static Envelope<DriftDetected> drift(String id) {
        return new Envelope<>(
                id,
                "probe",
                Instant.EPOCH,
                "m",
                new DriftDetected(id, "m", 1, "adwin", 0, 1, List.of(), Instant.EPOCH));
    }
}
