package dev.perennial.common.messaging;

import dev.perennial.common.event.EventFamily;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaAdmin.NewTopics;
import org.springframework.kafka.core.KafkaTemplate;

/** The messaging parts that every service imports. */
@Configuration(proxyBeanMethods = false)
@Import(DeadLetterEndpoint.class)
public class MessagingConfiguration {

    @Bean
    NewTopics perennialTopics() {
        return new NewTopics(topics());
    }

    static NewTopic[] topics() {
        return Arrays.stream(EventFamily.values())
                .flatMap(family -> Stream.of(topic(family), deadLetterTopic(family)))
                .toArray(NewTopic[]::new);
    }

    /** A bean, so that its connections end with the context and not with the process. */
    @Bean
    DefaultKafkaProducerFactory<String, byte[]> eventProducers(KafkaProperties kafka) {
        Map<String, Object> properties = new HashMap<>(kafka.buildProducerProperties());
        properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
        properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 5);
        properties.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, 131_072);
        properties.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, 20_000);
        properties.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 25_000);
        properties.putIfAbsent(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        return new DefaultKafkaProducerFactory<>(properties);
    }

    @Bean
    KafkaTemplate<String, byte[]> eventTemplate(DefaultKafkaProducerFactory<String, byte[]> eventProducers) {
        return new KafkaTemplate<>(eventProducers);
    }

    @Bean
    EventPublisher eventPublisher(KafkaTemplate<String, byte[]> eventTemplate) {
        return new EventPublisher(eventTemplate);
    }

    @Bean
    EventSubscriptions eventSubscriptions(KafkaProperties kafka, EventPublisher publisher) {
        return new EventSubscriptions(consumer(kafka), new DeadLetterQueue(publisher));
    }

    @Bean
    DeadLetters deadLetters(KafkaProperties kafka, EventPublisher publisher) {
        return new DeadLetters(consumer(kafka), kafka.buildAdminProperties(), publisher);
    }

    private static Map<String, Object> consumer(KafkaProperties kafka) {
        Map<String, Object> properties = new HashMap<>(kafka.buildConsumerProperties());
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class);
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1000);
        properties.putIfAbsent(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 4 << 20);
        properties.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
        properties.putIfAbsent(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2_000);
        properties.putIfAbsent(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 10_000);
        return properties;
    }

    private static NewTopic topic(EventFamily family) {
        TopicBuilder topic = TopicBuilder.name(family.topic()).partitions(family.partitions());
        return (family.compacted() ? topic.compact() : topic).build();
    }

    /** Dead letters wait for a person: they are kept until somebody replays or deletes them. */
    private static NewTopic deadLetterTopic(EventFamily family) {
        return TopicBuilder.name(family.deadLetterTopic())
                .partitions(1)
                .config(TopicConfig.RETENTION_MS_CONFIG, "-1")
                .build();
    }
}
