package dev.perennial.common.spec;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which candidates become samples.
 *
 * @param rules CEL expressions over {@code sample} ({@code text}, {@code label}, {@code source}) that must all be true
 * @param length accepted length of a text, in Unicode code points
 */
public record QualitySpec(List<String> rules, Length length, Duplicates duplicates, LabelAgreement labelAgreement) {
    public static final QualitySpec DEFAULT = new QualitySpec(null, null, null, null);

    public QualitySpec(
            @Nullable List<String> rules,
            @Nullable Length length,
            @Nullable Duplicates duplicates,
            @Nullable LabelAgreement labelAgreement) {
        this.rules = rules == null ? List.of() : List.copyOf(rules);
        this.length = length == null ? new Length(null, null) : length;
        this.duplicates = duplicates == null ? new Duplicates(null, null) : duplicates;
        this.labelAgreement = labelAgreement == null ? new LabelAgreement(null, null) : labelAgreement;
    }

    /** Inclusive bounds in Unicode code points. */
    public record Length(Integer min, Integer max) {
        public Length(@Nullable Integer min, @Nullable Integer max) {
            this.min = min == null ? 3 : min;
            this.max = max == null ? 2000 : max;
        }
    }

    /**
     * What counts as a duplicate of an accepted sample.
     *
     * @param threshold cosine similarity of embeddings from which two texts of one label are semantic duplicates; 1 turns
     *     the check off
     * @param near estimated Jaccard similarity of word shingles from which two texts are near duplicates; 1 turns the
     *     check off
     */
    public record Duplicates(Double threshold, Double near) {
        public Duplicates(@Nullable Double threshold, @Nullable Double near) {
            this.threshold = threshold == null ? 0.97 : threshold;
            this.near = near == null ? 0.8 : near;
        }
    }

    /**
     * The check that a model of the real samples, and of the candidates that agree with them, does not contradict a
     * synthetic sample's label: the label must be more likely right than wrong, whatever share of the labels is wrong.
     *
     * @param top beyond that, the claimed label must be among that model's this many most probable labels; 0 turns the
     *     check off
     * @param minPerLabel real samples a label needs before the check speaks about it
     */
    public record LabelAgreement(Integer top, Integer minPerLabel) {
        public LabelAgreement(@Nullable Integer top, @Nullable Integer minPerLabel) {
            this.top = top == null ? 5 : top;
            this.minPerLabel = minPerLabel == null ? 3 : minPerLabel;
        }
    }
}
