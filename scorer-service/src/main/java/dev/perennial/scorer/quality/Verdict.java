package dev.perennial.scorer.quality;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of a candidate.
 *
 * @param scores by name, see {@link Scores}
 * @param reasons why it was rejected, the first one foremost; empty when accepted
 */
public record Verdict(Map<String, Double> scores, List<String> reasons) {
    public Verdict {
        scores = Map.copyOf(scores);
        reasons = List.copyOf(reasons);
    }

    static Verdict accepted() {
        return new Verdict(Map.of(), List.of());
    }

    static Verdict rejected(String reason) {
        return new Verdict(Map.of(), List.of(reason));
    }

    public boolean isAccepted() {
        return reasons.isEmpty();
    }

    Verdict with(String score, double value) {
        Map<String, Double> more = new TreeMap<>(scores);
        more.put(score, value);
        return new Verdict(more, reasons);
    }

    Verdict because(String reason) {
        return new Verdict(scores, List.of(reason));
    }
}
