package dev.perennial.common.messaging;

import dev.perennial.common.event.Event;
import dev.perennial.common.event.EventFamily;
import java.util.Map;
import java.util.Set;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * Makes a service's subscriptions: batches, at least once, offsets committed after the handler returned. Infrastructure
 * faults are retried without limit; poison goes to the dead-letter topic of its family.
 */
public final class EventSubscriptions {
    private final ConsumerFactory<String, byte[]> consumers;
    private final DeadLetterQueue deadLetters;

    EventSubscriptions(Map<String, Object> consumerProperties, DeadLetterQueue deadLetters) {
        this.consumers = new DefaultKafkaConsumerFactory<>(consumerProperties);
        this.deadLetters = deadLetters;
    }

    /**
     * A subscription to some types of one family. The returned container is a bean that starts and stops with the
     * application.
     *
     * @param service the subscribing service; one group a service and family
     * @param types the events that the handler wants; others of the family are skipped unread
     */
    public <E extends Event> ConcurrentMessageListenerContainer<String, byte[]> batch(
            String service, EventFamily family, Set<Class<? extends E>> types, BatchHandler<E> handler) {
        return batch(service, family, types, 1, handler);
    }

    /** With several consumer threads; partitions are spread over them. */
    public <E extends Event> ConcurrentMessageListenerContainer<String, byte[]> batch(
            String service,
            EventFamily family,
            Set<Class<? extends E>> types,
            int concurrency,
            BatchHandler<E> handler) {
        String group = service + "." + family.topic();
        EventBatch<E> listener = new EventBatch<>(group, family, types, handler, deadLetters);
        ContainerProperties properties = new ContainerProperties(family.topic());
        properties.setGroupId(group);
        properties.setMessageListener((BatchMessageListener<String, byte[]>) listener::onMessages);
        properties.setMissingTopicsFatal(false);
        properties.setClientId(group);
        ConcurrentMessageListenerContainer<String, byte[]> container =
                new ConcurrentMessageListenerContainer<>(consumers, properties);
        container.setConcurrency(concurrency);
        container.setCommonErrorHandler(retryForEver());
        container.setBeanName(group);
        return container;
    }

    private static DefaultErrorHandler retryForEver() {
        ExponentialBackOff backOff = new ExponentialBackOff(200, 2);
        backOff.setMaxInterval(10_000);
        backOff.setMaxElapsedTime(Long.MAX_VALUE);
        DefaultErrorHandler handler = new DefaultErrorHandler(backOff);
        handler.setClassifications(Map.of(), true);
        return handler;
    }
}
