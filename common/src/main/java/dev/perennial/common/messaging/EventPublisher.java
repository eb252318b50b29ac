package dev.perennial.common.messaging;

import dev.perennial.common.problem.ProblemException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.springframework.kafka.core.KafkaTemplate;

/** Publishes batches and returns when the broker has every event. Thread-safe. */
public final class EventPublisher {
    private static final long ACKNOWLEDGE_SECONDS = 30;

    private final KafkaTemplate<String, byte[]> kafka;

    public EventPublisher(KafkaTemplate<String, byte[]> kafka) {
        this.kafka = kafka;
    }

    /**
     * Publishes all of them, each to its family's topic.
     *
     * @throws DeliveryException when any was not acknowledged; some may have been. Publishing the batch again is safe
     *     because consumers drop ids that they have seen.
     * @throws ProblemException when one is larger than a broker takes; none was sent then
     */
    public void publish(List<? extends Envelope<?>> envelopes) {
        send(envelopes.stream().map(CloudEvents::write).toList());
    }

    void send(List<ProducerRecord<String, byte[]>> messages) {
        try {
            List<? extends CompletableFuture<?>> sent =
                    messages.stream().map(kafka::send).toList();
            kafka.flush();
            for (CompletableFuture<?> acknowledgement : sent) {
                acknowledgement.get(ACKNOWLEDGE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            throw new DeliveryException("the broker did not take " + messages.size() + " events", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DeliveryException("interrupted while the broker took " + messages.size() + " events", e);
        }
    }
}
