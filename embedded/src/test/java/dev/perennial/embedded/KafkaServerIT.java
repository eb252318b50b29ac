package dev.perennial.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaServerIT {
    private static final TopicPartition KEPT = new TopicPartition("kept", 0);

    @TempDir
    Path directory;

    @Test
    void keeps_topics_and_records_when_it_is_stopped_and_started_again() throws Exception {
        try (KafkaServer server = KafkaServer.start(directory, 0)) {
            writeKept(server.bootstrapServers());
        }

        try (KafkaServer server = KafkaServer.start(directory, 0)) {
            assertThat(readKept(server.bootstrapServers())).isEqualTo("42");
        }
    }

    @Test
    void keeps_acknowledged_records_when_its_jvm_is_killed() throws Exception {
        ChildJvm jvm = ChildJvm.start(BrokerProcess.class, directory);
        writeKept(jvm.address());
        jvm.kill();

        try (KafkaServer server = KafkaServer.start(directory, 0)) {
            assertThat(readKept(server.bootstrapServers())).isEqualTo("42");
        }
    }

    @Test
    void does_not_create_a_topic_because_somebody_mistyped_its_name() {
        try (KafkaServer server = KafkaServer.start(directory, 0);
                Admin admin = Admin.create(Map.of("bootstrap.servers", server.bootstrapServers()))) {
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> admin.describeTopics(List.of("mistyped"))
                            .allTopicNames()
                            .get())
                    .withCauseInstanceOf(UnknownTopicOrPartitionException.class);
        }
    }

    @Test
    void refuses_a_directory_that_is_in_use_and_a_port_that_is_taken() {
        try (KafkaServer server = KafkaServer.start(directory.resolve("first"), 0)) {
            assertThatExceptionOfType(EmbeddedServerException.class)
                    .isThrownBy(() -> KafkaServer.start(directory.resolve("first"), 0))
                    .withMessageMatching("Data directory \\S+ is in use by process \\d+: [^\n]+");
            assertThatExceptionOfType(EmbeddedServerException.class)
                    .isThrownBy(() -> KafkaServer.start(directory.resolve("second"), server.port()))
                    .withMessage("Port " + server.port() + " for Kafka is taken: free it or choose another port.");
        }
    }

    private static void writeKept(String bootstrapServers) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrapServers, "acks", "all");
        try (Admin admin = Admin.create(settings);
                KafkaProducer<String, String> producer =
                        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            admin.createTopics(List.of(new NewTopic(KEPT.topic(), 1, (short) 1)))
                    .all()
                    .get();
            producer.send(new ProducerRecord<>(KEPT.topic(), "answer", "42")).get();
        }
    }

    private static String readKept(String bootstrapServers) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers), new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(KEPT));
            consumer.seekToBeginning(List.of(KEPT));
            ConsumerRecords<String, String> records = consumer.poll(Duration.ofSeconds(30));
            return records.iterator().next().value();
        }
    }
}
