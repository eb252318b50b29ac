package dev.perennial.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.registry.TestRegistry.Reply;
import dev.perennial.registry.serving.TrainedAdapter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealModelIT {
    private final TestRegistry registry = TestRegistry.withRealModels();
    private final Map<String, byte[]> adapter = new TreeMap<>();

    @BeforeAll
    void train(@TempDir Path directory) throws IOException {
        TrainedAdapter.train(directory);
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                adapter.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
    }

    @AfterAll
    void close() {
        registry.close();
    }

    @Test
    void an_imported_adapter_answers_what_it_was_trained_to_answer() throws IOException {
        declare("imported");

        Reply imported = take("imported", adapter);
        registry.awaitAnswersFrom("imported", 1);

        assertThat(imported.body().path("stage").asString()).isEqualTo("LIVE");
        assertThat(label("imported", "the line is offline")).isEqualTo("offline");
        assertThat(label("imported", "it is slow")).isEqualTo("slow");
    }

    @Test
    void a_damaged_adapter_file_is_refused_whatever_was_damaged_and_changes_nothing() throws IOException {
        declare("damaged");
        for (byte[] weights : damaged(adapter.get("adapter_model.safetensors"))) {
            Map<String, byte[]> files = new TreeMap<>(adapter);
            files.put("adapter_model.safetensors", weights);

            Reply reply = take("damaged", files);

            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.code()).isEqualTo("adapter-unusable");
            assertThat(reply.body().path("detail").asString()).contains("Nothing was changed");
        }
        assertThat(registry.get("/api/models/damaged/versions")
                        .body()
                        .path("total")
                        .asInt())
                .isZero();
    }

    private static List<byte[]> damaged(byte[] weights) {
        byte[] header = weights.clone();
        header[12] ^= 0x7f;
        byte[] length = weights.clone();
        length[6] = 0x7f;
        return List.of(new byte[0], Arrays.copyOf(weights, weights.length / 2), header, length);
    }

    private void declare(String model) {
        registry.put("/api/models/" + model, "application/yaml", """
                name: %s
                task: {type: classification, labels: [slow, offline]}
                baseModel: %s
                evaluation: {sets: [holdout]}
                """.formatted(model, TrainedAdapter.BASE));
    }

    private String label(String model, String text) {
        return registry.predict(model, "k", text).body().path("label").asString();
    }

    private Reply take(String model, Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                out.putNextEntry(new ZipEntry(file.getKey()));
                out.write(file.getValue());
                out.closeEntry();
            }
        }
        return registry.post("/api/models/" + model + "/versions", "application/zip", bytes.toByteArray());
    }
}
