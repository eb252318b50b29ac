package dev.perennial.evaluator.metric;

import dev.perennial.lora.Classification;
import dev.perennial.lora.LabelledText;
import java.util.List;
import java.util.function.Function;

/** Scores anything that classifies texts, as reports and benchmarks do. */
public final class Evaluation {
    private Evaluation() {}

    /** What the model says of the texts, beside the truth. */
    public static Answers ask(Function<List<String>, List<Classification>> classifier, List<LabelledText> texts) {
        List<Classification> said =
                classifier.apply(texts.stream().map(LabelledText::text).toList());
        return new Answers(
                texts.stream().map(LabelledText::label).toList(),
                said.stream().map(Classification::label).toList());
    }

    /** All scores of the model on the texts; of a {@code TextClassifier}, {@code score(classifier::classify, texts)}. */
    public static Scores score(Function<List<String>, List<Classification>> classifier, List<LabelledText> texts) {
        return Scores.of(ask(classifier, texts));
    }
}
