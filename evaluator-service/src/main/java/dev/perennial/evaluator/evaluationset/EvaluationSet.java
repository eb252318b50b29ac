package dev.perennial.evaluator.evaluationset;

import dev.perennial.lora.LabelledText;
import java.util.List;

/**
 * One version of a set. Immutable.
 *
 * @param version from 1; grows when other content is uploaded under the name
 * @param contentSha256 over texts and labels in their order
 */
public record EvaluationSet(String model, String name, int version, String contentSha256, List<LabelledText> texts) {
    public EvaluationSet {
        texts = List.copyOf(texts);
    }
}
