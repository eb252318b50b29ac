package dev.perennial.lora.adapter;

import dev.perennial.lora.model.Linear;
import java.util.List;

/**
 * Which linears carry an adapter, how wide it is and how much it weighs: {@code y + s B A x}, with {@code s = alpha / R}
 * (Hu et al., arXiv:2106.09685, section 4.1) or, rank-stabilised, {@code s = alpha / sqrt(R)} (Kalajdzievski,
 * arXiv:2312.03732).
 *
 * @param rank R, where no pattern says otherwise
 * @param alpha where no pattern says otherwise
 * @param dropout share of an adapter's input that is zeroed while training
 * @param targetModules linears by what they are called in every layer ({@code query}, {@code q_proj}), or in full
 */
public record LoraSettings(
        int rank,
        double alpha,
        double dropout,
        boolean rankStabilized,
        List<String> targetModules,
        ModulePatterns<Integer> ranks,
        ModulePatterns<Double> alphas) {
    private static final int MAX_RANK = 512;

    public LoraSettings {
        requireRank(rank);
        ranks.values().values().forEach(LoraSettings::requireRank);
        requireAlpha(alpha);
        alphas.values().values().forEach(LoraSettings::requireAlpha);
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout must be at least 0 and below 1, not " + dropout);
        }
        targetModules = targetModules.stream().distinct().sorted().toList();
        if (targetModules.isEmpty()) {
            throw new IllegalArgumentException("targetModules must name at least one linear");
        }
    }

    private static void requireRank(int rank) {
        if (rank < 1 || rank > MAX_RANK) {
            throw new IllegalArgumentException("rank must be 1 to %d, not %d".formatted(MAX_RANK, rank));
        }
    }

    private static void requireAlpha(double alpha) {
        if (!(alpha > 0) || Double.isInfinite(alpha)) {
            throw new IllegalArgumentException("alpha must be positive, not " + alpha);
        }
    }

    /** The same rank and alpha everywhere, no dropout. */
    public static LoraSettings of(int rank, double alpha, String... targetModules) {
        return new LoraSettings(
                rank, alpha, 0, false, List.of(targetModules), ModulePatterns.none(), ModulePatterns.none());
    }

    public LoraSettings withDropout(double value) {
        return new LoraSettings(rank, alpha, value, rankStabilized, targetModules, ranks, alphas);
    }

    LoraSettings withTargets(List<String> targets) {
        return new LoraSettings(rank, alpha, dropout, rankStabilized, targets, ranks, alphas);
    }

    /** Whether a linear carries an adapter. */
    public boolean targets(Linear linear) {
        return targetModules.contains(linear.target()) || targetModules.contains(linear.path());
    }

    /** R of a linear. */
    public int rank(String path) {
        return ranks.of(path, rank);
    }

    public double alpha(String path) {
        return alphas.of(path, alpha);
    }

    /** What B A of a linear is multiplied with. */
    public double scale(String path) {
        int r = rank(path);
        return alpha(path) / (rankStabilized ? Math.sqrt(r) : r);
    }
}
