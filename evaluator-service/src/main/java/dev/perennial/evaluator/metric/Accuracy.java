package dev.perennial.evaluator.metric;

/** The share of texts that were given their label. */
public final class Accuracy implements Metric {
    @Override
    public String name() {
        return "accuracy";
    }

    @Override
    public double score(Tally tally) {
        int hits = 0;
        for (int label = 0; label < tally.labels(); label++) {
            hits += tally.hits(label);
        }
        return Tally.ratio(hits, tally.total());
    }
}
