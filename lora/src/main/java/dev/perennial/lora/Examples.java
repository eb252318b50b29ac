package dev.perennial.lora;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Labelled texts as numbers, index by index; not to be changed. */
@SuppressWarnings("ArrayRecordComponent") // shared inside one training session only
record Examples(List<long[]> tokens, int[] classes, float[] weights) {
    static Examples of(TextEncoder encoder, List<LabelledText> texts, List<String> labels, int maxTokens) {
        Map<String, Integer> index = new HashMap<>();
        labels.forEach(label -> index.put(label, index.size()));
        List<String> raw = texts.stream().map(LabelledText::text).toList();
        float[] weights = new float[texts.size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = texts.get(i).weight();
        }
        return new Examples(
                encoder.tokenize(raw, maxTokens),
                texts.stream()
                        .mapToInt(text -> index.getOrDefault(text.label(), -1))
                        .toArray(),
                weights);
    }

    int size() {
        return classes.length;
    }

    Examples select(int[] indices) {
        List<long[]> chosen = new ArrayList<>();
        for (int i : indices) {
            chosen.add(tokens.get(i));
        }
        float[] chosenWeights = new float[indices.length];
        for (int i = 0; i < indices.length; i++) {
            chosenWeights[i] = weights[indices[i]];
        }
        return new Examples(chosen, IntStream.of(indices).map(i -> classes[i]).toArray(), chosenWeights);
    }

    /** Whether a token is neither the first nor the last of its text: those are the special ones. */
    boolean isInner(int text, int token) {
        return token > 0 && token < tokens.get(text).length - 1;
    }

    double meanWeight() {
        double sum = 0;
        for (float weight : weights) {
            sum += weight;
        }
        return sum / size();
    }
}
