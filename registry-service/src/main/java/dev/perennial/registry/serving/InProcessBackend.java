package dev.perennial.registry.serving;

import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.TextClassifier;
import dev.perennial.lora.TextEncoder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Answers in this process: one encoder a base model, shared by all adapters over it. */
public final class InProcessBackend implements ServingBackend {
    /** Long enough to touch every kernel, short enough to cost nothing. */
    private static final List<String> WARM_UP = List.of("warm up", "a somewhat longer text to warm up with, ready?");

    private final Map<String, TextEncoder> encoders = new HashMap<>();

    @Override
    public Served load(String baseModel, Path adapter) {
        try {
            TextClassifier classifier = encoder(baseModel).classifier(adapter);
            WARM_UP.forEach(classifier::classify);
            return new Loaded(classifier);
        } catch (ModelFormatException e) {
            throw new AdapterRefusedException(String.valueOf(e.getMessage()), e);
        }
    }

    private synchronized TextEncoder encoder(String baseModel) {
        return encoders.computeIfAbsent(baseModel, TextEncoder::open);
    }

    @Override
    public synchronized void close() {
        encoders.values().forEach(TextEncoder::close);
        encoders.clear();
    }

    private record Loaded(TextClassifier classifier) implements Served {
        @Override
        public List<String> labels() {
            return classifier.labels();
        }

        @Override
        public List<Answer> answer(List<String> texts) {
            return classifier.classify(texts).stream()
                    .map(said -> Answer.of(classifier.labels(), said.probabilities()))
                    .toList();
        }

        @Override
        public void close() {
            classifier.close();
        }
    }
}
