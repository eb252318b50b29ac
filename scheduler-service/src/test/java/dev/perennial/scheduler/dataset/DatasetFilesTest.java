package dev.perennial.scheduler.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.common.artifact.DirectoryArtifactStore;
import dev.perennial.common.event.DatasetRef;
import dev.perennial.common.event.SampleSource;
import dev.perennial.common.spec.Mix;
import dev.perennial.common.text.ContentHash;
import dev.perennial.scheduler.mix.MixRules;
import dev.perennial.scheduler.mix.Mixture;
import dev.perennial.scheduler.mix.PoolSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DatasetFilesTest {
    private static final Origin ORIGIN = new Origin("support", 2, 3, 99);

    @TempDir
    Path root;

    @Test
    void the_same_pool_gives_the_same_bytes_whatever_its_order() {
        DirectoryArtifactStore store = new DirectoryArtifactStore(root);
        DatasetFiles files = new DatasetFiles(store);

        DatasetRef first = files.store(mixture(pool()), ORIGIN);
        DatasetRef second = files.store(mixture(pool().reversed()), ORIGIN);

        assertThat(second).isEqualTo(first);
        assertThat(first.samples()).isEqualTo(3);
    }

    @Test
    void every_file_has_the_hash_that_the_manifest_says_and_the_lines_say_where_they_come_from() throws IOException {
        DirectoryArtifactStore store = new DirectoryArtifactStore(root);
        Path directory = store.open(
                new DatasetFiles(store).store(mixture(pool()), ORIGIN).artifact());
        JsonNode manifest = JsonMapper.shared().readTree(Files.readString(directory.resolve("manifest.json")));

        assertThat(Files.readAllLines(directory.resolve("train.jsonl")))
                .containsExactly(
                        "{\"text\":\"no \\\"light\\\"\",\"label\":\"router\",\"weight\":0.5,\"source\":\"SYNTHETIC\",\"sampleId\":\"a\"}",
                        "{\"text\":\"wrong bill\",\"label\":\"billing\",\"weight\":1.0,\"source\":\"REAL\",\"sampleId\":\"b\"}",
                        "{\"text\":\"账单错误\",\"label\":\"billing\",\"weight\":1.0,\"source\":\"REAL\",\"sampleId\":\"c\"}");
        for (String name : List.of("train.jsonl", "validation.jsonl")) {
            assertThat(manifest.get("files").get(name).asString())
                    .isEqualTo(ContentHash.sha256(Files.readString(directory.resolve(name))));
        }
        assertThat(manifest.get("seed").asLong()).isEqualTo(99);
        assertThat(manifest.get("specVersion").asInt()).isEqualTo(3);
        assertThat(manifest.get("real").asInt()).isEqualTo(2);
        assertThat(manifest.get("synthetic").asInt()).isEqualTo(1);
        assertThat(manifest.get("mix").get(0).get("label").asString()).isEqualTo("billing");
    }

    private static Mixture mixture(List<PoolSample> pool) {
        return Mixture.of(pool, new MixRules(List.of("billing", "router"), Mix.AUTO, 100, 0.1, 99));
    }

    private static List<PoolSample> pool() {
        return new ArrayList<>(List.of(
                sample("b", "wrong bill", "billing", SampleSource.REAL, 1),
                sample("a", "no \"light\"", "router", SampleSource.SYNTHETIC, 0.5),
                sample("c", "账单错误", "billing", SampleSource.REAL, 1)));
    }

    private static PoolSample sample(String id, String text, String label, SampleSource source, double weight) {
        return new PoolSample(id, text, label, ContentHash.of(text), source, weight, true);
    }
}
