package dev.perennial.scheduler.dataset;

import dev.perennial.common.artifact.ArtifactRef;
import dev.perennial.common.artifact.ArtifactStore;
import dev.perennial.common.event.DatasetRef;
import dev.perennial.common.event.SampleSource;
import dev.perennial.common.spec.SpecReader;
import dev.perennial.common.text.ContentHash;
import dev.perennial.scheduler.mix.Mixture;
import dev.perennial.scheduler.mix.PoolSample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.json.JsonMapper;

/** Writes training sets. The same mixture and origin always give the same bytes, and so the same reference. */
public final class DatasetFiles {
    private static final JsonMapper JSON = SpecReader.storedMapper();

    private final ArtifactStore artifacts;

    public DatasetFiles(ArtifactStore artifacts) {
        this.artifacts = artifacts;
    }

    /** One line of {@code train.jsonl} and {@code validation.jsonl}. */
    private record Line(String text, String label, double weight, SampleSource source, String sampleId) {}

    /** Puts a training set into the artifact store. */
    public DatasetRef store(Mixture mixture, Origin origin) {
        try {
            Path directory = Files.createTempDirectory("perennial-dataset-");
            try {
                return new DatasetRef(
                        write(mixture, origin, directory),
                        mixture.train().size() + mixture.validation().size());
            } finally {
                FileSystemUtils.deleteRecursively(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing the training set of " + origin.model(), e);
        }
    }

    private ArtifactRef write(Mixture mixture, Origin origin, Path directory) throws IOException {
        Map<String, String> files = new TreeMap<>();
        files.put("train.jsonl", lines(mixture.train()));
        files.put("validation.jsonl", lines(mixture.validation()));
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(directory.resolve(file.getKey()), file.getValue());
        }
        files.replaceAll((name, content) -> ContentHash.sha256(content));
        Manifest manifest = Manifest.of(mixture, origin, files);
        Files.writeString(
                directory.resolve("manifest.json"),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(manifest) + "\n");
        return artifacts.store(directory);
    }

    private static String lines(List<PoolSample> samples) {
        return samples.stream()
                .map(sample -> JSON.writeValueAsString(new Line(
                                sample.text(), sample.label(), sample.weight(), sample.source(), sample.sampleId()))
                        + "\n")
                .collect(Collectors.joining());
    }
}
