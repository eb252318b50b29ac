package dev.perennial.benchmarks.pipeline;

import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What broker and database do alone with rows of 1 KB, with the settings that the services use. */
final class Ceilings {
    private static final int PARTITIONS = 4;
    private static final int BATCH = 1000;
    private static final int WRITERS = 2;

    private Ceilings() {}

    /** Records acknowledged a second, one producer, after a warm-up of a fifth. */
    static double kafka(String bootstrapServers, int records) throws ExecutionException, InterruptedException {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", bootstrapServers, "acks", "all", "linger.ms", 5, "batch.size", 131_072);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
                KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            admin.createTopics(List.of(new NewTopic("ceiling", PARTITIONS, (short) 1)))
                    .all()
                    .get();
            produce(producer, records / 5);
            long begin = System.nanoTime();
            produce(producer, records);
            return records / ((System.nanoTime() - begin) / 1e9);
        }
    }

    private static void produce(KafkaProducer<byte[], byte[]> producer, int records)
            throws ExecutionException, InterruptedException {
        byte[] value = new byte[1024];
        List<Future<?>> sent = new ArrayList<>(records);
        for (int i = 0; i < records; i++) {
            sent.add(producer.send(new ProducerRecord<>("ceiling", null, value)));
        }
        producer.flush();
        for (Future<?> acknowledgement : sent) {
            acknowledgement.get();
        }
    }

    /** Rows committed a second, {@value #WRITERS} writers, set-based upserts of {@value #BATCH}. */
    static double postgres(String jdbcUrl, String user, int rows)
            throws SQLException, InterruptedException, ExecutionException {
        try (Connection database = DriverManager.getConnection(jdbcUrl, user, "");
                Statement statement = database.createStatement()) {
            statement.execute("create table ceiling (id text primary key, value text not null)");
        }
        try (ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
            long begin = System.nanoTime();
            List<Future<Void>> written = writers.invokeAll(IntStream.range(0, WRITERS)
                    .<Callable<Void>>mapToObj(writer -> () -> write(jdbcUrl, user, writer, rows / WRITERS))
                    .toList());
            for (Future<Void> result : written) {
                result.get();
            }
            return rows / ((System.nanoTime() - begin) / 1e9);
        }
    }

    private static Void write(String jdbcUrl, String user, int writer, int rows) throws SQLException {
        String value = "x".repeat(1000);
        try (Connection database = DriverManager.getConnection(jdbcUrl, user, "");
                PreparedStatement insert = database.prepareStatement(
                        "insert into ceiling select * from unnest(?::text[], ?::text[]) on conflict do nothing")) {
            for (int from = 0; from < rows; from += BATCH) {
                int first = from;
                Array ids = database.createArrayOf(
                        "text",
                        IntStream.range(0, BATCH)
                                .mapToObj(i -> writer + "-" + (first + i))
                                .toArray());
                Array values = database.createArrayOf(
                        "text", IntStream.range(0, BATCH).mapToObj(i -> value).toArray());
                insert.setArray(1, ids);
                insert.setArray(2, values);
                insert.executeUpdate();
            }
        }
        return null;
    }
}
