package dev.perennial.registry.serving;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a version says of a text.
 *
 * @param labels all of them, most probable first
 */
public record Answer(List<LabelConfidence> labels) {
    public Answer {
        labels = List.copyOf(labels);
        if (labels.isEmpty()) {
            throw new IllegalArgumentException("an answer names at least one label");
        }
    }

    /** A label and its probability. */
    public record LabelConfidence(String label, double confidence) {}

    /** From probabilities in the order of the labels. */
    public static Answer of(List<String> labels, float[] probabilities) {
        return new Answer(IntStream.range(0, labels.size())
                .mapToObj(i -> new LabelConfidence(labels.get(i), probabilities[i]))
                .sorted(Comparator.comparingDouble(LabelConfidence::confidence).reversed())
                .toList());
    }

    public String label() {
        return labels.getFirst().label();
    }

    public double confidence() {
        return labels.getFirst().confidence();
    }
}
