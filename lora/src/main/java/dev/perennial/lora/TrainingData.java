package dev.perennial.lora;

import dev.perennial.lora.model.Digest;
import dev.perennial.lora.recipe.Retention;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What one run learns from. {@code labels} fixes the order of the classifier's outputs.
 *
 * <p>{@code validation} picks the best epoch and stops the run early; without it the run takes all its epochs and keeps
 * the last weights.
 *
 * @param earlier what was learnt before, for a recipe that is to keep it ({@link Retention})
 */
public record TrainingData(
        List<String> labels, List<LabelledText> train, List<LabelledText> validation, List<LabelledText> earlier) {
    public TrainingData {
        labels = List.copyOf(labels);
        train = List.copyOf(train);
        validation = List.copyOf(validation);
        earlier = List.copyOf(earlier);
        Set<String> known = new HashSet<>(labels);
        if (labels.size() < 2 || known.size() != labels.size()) {
            throw new IllegalArgumentException("labels must be at least two and distinct");
        }
        if (labels.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("labels must not be blank");
        }
        if (train.isEmpty()) {
            throw new IllegalArgumentException("train must not be empty");
        }
        requireKnown(train, known, "train");
        requireKnown(validation, known, "validation");
        requireKnown(earlier, known, "earlier");
    }

    /** With nothing to keep. */
    public TrainingData(List<String> labels, List<LabelledText> train, List<LabelledText> validation) {
        this(labels, train, validation, List.of());
    }

    /** Without the earlier examples if the recipe has no use for them: they have no effect then. */
    TrainingData usedBy(Retention retention) {
        return new TrainingData(labels, train, validation, used(earlier, retention));
    }

    /**
     * The earlier examples that a run uses: none if it is to keep nothing.
     *
     * @throws IllegalArgumentException if it needs some and there are none
     */
    static <E> List<E> used(List<E> earlier, Retention retention) {
        if (retention.replay() == 0 && retention.ewc() == 0) {
            return List.of();
        }
        if (earlier.isEmpty()) {
            throw new IllegalArgumentException(
                    "replay and ewc need examples of what was learnt before: give the data some as earlier, or set both to 0");
        }
        return earlier;
    }

    /** The new examples, then the earlier ones. */
    List<LabelledText> all() {
        return Stream.concat(train.stream(), earlier.stream()).toList();
    }

    void addTo(Digest digest) {
        digest.add(labels.size());
        labels.forEach(digest::add);
        Stream.of(train, validation, earlier).forEach(texts -> {
            digest.add(texts.size());
            texts.forEach(text -> digest.add(text.text()).add(text.label()).add(Float.floatToIntBits(text.weight())));
        });
    }

    private static void requireKnown(List<LabelledText> texts, Set<String> known, String name) {
        for (int i = 0; i < texts.size(); i++) {
            if (!known.contains(texts.get(i).label())) {
                throw new IllegalArgumentException("%s[%d] has the label '%s', which is not among the labels"
                        .formatted(name, i, texts.get(i).label()));
            }
        }
    }
}
