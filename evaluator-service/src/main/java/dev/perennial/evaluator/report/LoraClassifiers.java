package dev.perennial.evaluator.report;

import dev.perennial.common.artifact.ArtifactCorruptException;
import dev.perennial.common.artifact.ArtifactMissingException;
import dev.perennial.common.artifact.ArtifactRef;
import dev.perennial.common.artifact.ArtifactStore;
import dev.perennial.lora.Classification;
import dev.perennial.lora.LabelledText;
import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.TextClassifier;
import dev.perennial.lora.TextEncoder;
import dev.perennial.lora.probe.LinearProbe;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Classifiers over encoders that are each held once in memory, until the application ends. Thread-safe. */
final class LoraClassifiers implements Classifiers, AutoCloseable {
    private final ArtifactStore artifacts;
    private final Map<String, TextEncoder> encoders = new HashMap<>();

    LoraClassifiers(ArtifactStore artifacts) {
        this.artifacts = artifacts;
    }

    @Override
    public OpenClassifier open(String baseModel, ArtifactRef adapter) {
        TextEncoder encoder = usable("base model", () -> encoder(baseModel));
        return usable("adapter", () -> new Opened(encoder.classifier(artifacts.open(adapter))));
    }

    @Override
    public OpenClassifier open(String baseModel, Path adapter) {
        TextEncoder encoder = usable("base model", () -> encoder(baseModel));
        return usable("adapter", () -> new Opened(encoder.classifier(adapter)));
    }

    @Override
    public List<LabelledText> validation(ArtifactRef dataset) {
        return read(dataset, "validation.jsonl");
    }

    @Override
    public Labeller base(String baseModel, List<String> labels, ArtifactRef dataset) {
        TextEncoder encoder = usable("base model", () -> encoder(baseModel));
        LinearProbe probe = fit(encoder, labels, read(dataset, "train.jsonl"));
        return texts -> Arrays.stream(encoder.embed(texts))
                .map(embedding -> best(probe, embedding))
                .toList();
    }

    @Override
    public synchronized void close() {
        encoders.values().forEach(TextEncoder::close);
        encoders.clear();
    }

    private List<LabelledText> read(ArtifactRef dataset, String file) {
        return usable(
                "training set", () -> TrainingSet.read(artifacts.open(dataset).resolve(file)));
    }

    private synchronized TextEncoder encoder(String baseModel) {
        return encoders.computeIfAbsent(baseModel, TextEncoder::open);
    }

    private static <T> T usable(String what, Supplier<T> load) {
        try {
            return load.get();
        } catch (ArtifactMissingException | ArtifactCorruptException | ModelFormatException e) {
            throw new UnusableInputException("the " + what + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static LinearProbe fit(TextEncoder encoder, List<String> labels, List<LabelledText> train) {
        float[] weights = new float[train.size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = train.get(i).weight();
        }
        return LinearProbe.fit(
                labels,
                encoder.embed(train.stream().map(LabelledText::text).toList()),
                train.stream().map(LabelledText::label).toList(),
                weights);
    }

    private static String best(LinearProbe probe, float[] embedding) {
        float[] probabilities = probe.probabilities(embedding);
        int best = 0;
        for (int label = 1; label < probabilities.length; label++) {
            if (probabilities[label] > probabilities[best]) {
                best = label;
            }
        }
        return probe.labels().get(best);
    }

    private record Opened(TextClassifier classifier) implements OpenClassifier {
        @Override
        public List<Classification> classify(List<String> texts) {
            return classifier.classify(texts);
        }

        @Override
        public void save(Path directory) {
            classifier.save(directory);
        }

        @Override
        public void close() {
            classifier.close();
        }
    }
}
