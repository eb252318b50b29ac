package dev.perennial.lora;

import java.util.List;
import java.util.Set;

/**
 * Where and how wide the adapters are: the output of each target linear gets {@code alpha / rank * B A x} added (Hu et
 * al., arXiv:2106.09685, section 4.1).
 *
 * @param dropout share of the adapter's input that is zeroed while training
 * @param targetModules linears of every layer, by the ends of their Hugging Face names: any of {@link #TARGETS}
 */
public record LoraConfig(int rank, double alpha, double dropout, List<String> targetModules) {
    /** The linears of a BERT layer that can carry an adapter. */
    public static final Set<String> TARGETS =
            Set.of("query", "key", "value", "attention.output.dense", "intermediate.dense", "output.dense");

    public LoraConfig {
        if (rank < 1 || rank > 512) {
            throw new IllegalArgumentException("rank must be 1 to 512, not " + rank);
        }
        if (!(alpha > 0) || Double.isInfinite(alpha)) {
            throw new IllegalArgumentException("alpha must be positive, not " + alpha);
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout must be at least 0 and below 1, not " + dropout);
        }
        targetModules = targetModules.stream().distinct().sorted().toList();
        if (targetModules.isEmpty() || !TARGETS.containsAll(targetModules)) {
            throw new IllegalArgumentException("targetModules must name some of " + TARGETS + ", not " + targetModules);
        }
    }

    public static LoraConfig defaults() {
        return new LoraConfig(8, 16, 0, List.of("query", "value"));
    }

    /** What B A is multiplied with. */
    public double scale() {
        return alpha / rank;
    }
}
