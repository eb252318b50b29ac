package dev.perennial.evaluator.report;

import dev.perennial.common.artifact.ArtifactRef;
import dev.perennial.lora.Classification;
import dev.perennial.lora.LabelledText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Classifiers without a model. A text is its label and a number; a classifier of skill s answers right where the number is
 * below s, and its adapter's hash ends in s. The untuned base has skill 50.
 */
final class RuleClassifiers implements Classifiers {
    static final ArtifactRef BROKEN = new ArtifactRef("b".repeat(64), 1);

    /** One that no code is prepared for. */
    static final ArtifactRef DEFECT = new ArtifactRef("e".repeat(64), 1);

    static ArtifactRef adapter(int skill) {
        return new ArtifactRef("0".repeat(61) + "%03d".formatted(skill), 1);
    }

    /** One whose copies answer otherwise. */
    static ArtifactRef fickle(int skill) {
        return new ArtifactRef("f".repeat(61) + "%03d".formatted(skill), 1);
    }

    @Override
    public OpenClassifier open(String baseModel, ArtifactRef adapter) {
        if (adapter.equals(BROKEN)) {
            throw new UnusableInputException(
                    "the adapter cannot be used: adapter_model.safetensors is cut off", new IllegalStateException());
        }
        if (adapter.equals(DEFECT)) {
            throw new IllegalStateException("nobody thought of this");
        }
        return new Rule(
                Integer.parseInt(adapter.sha256().substring(61)),
                adapter.sha256().startsWith("f"));
    }

    @Override
    public OpenClassifier open(String baseModel, Path adapter) {
        try {
            return new Rule(Integer.parseInt(Files.readString(adapter.resolve("skill"))), false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<LabelledText> validation(ArtifactRef dataset) {
        return List.of();
    }

    @Override
    public Labeller base(String baseModel, List<String> labels, ArtifactRef dataset) {
        return texts -> texts.stream().map(text -> answer(text, 50)).toList();
    }

    private static String answer(String text, int skill) {
        int space = text.indexOf(' ');
        String label = text.substring(0, space);
        boolean known = Integer.parseInt(text.substring(space + 1)) < skill;
        String wrong = label.equals("tv") ? "bill" : "tv";
        return known ? label : wrong;
    }

    private record Rule(int skill, boolean fickle) implements OpenClassifier {
        @Override
        public List<Classification> classify(List<String> texts) {
            return texts.stream()
                    .map(text -> {
                        float[] logits = {skill};
                        return new Classification(answer(text, skill), 1, logits, logits);
                    })
                    .toList();
        }

        @Override
        public void save(Path directory) {
            try {
                Files.writeString(directory.resolve("skill"), Integer.toString(fickle ? skill - 1 : skill));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {}
    }
}
