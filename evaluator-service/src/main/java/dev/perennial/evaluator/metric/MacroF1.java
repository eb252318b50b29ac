package dev.perennial.evaluator.metric;

/**
 * The mean F1 of the labels that some text has. A label that is only answered has no F1 of its own: it costs the labels
 * it was given instead of, so that two models are always averaged over the same labels.
 */
final class MacroF1 implements Metric {
    @Override
    public String name() {
        return "macro_f1";
    }

    @Override
    public double score(Tally tally) {
        double sum = 0;
        int occurring = 0;
        for (int label = 0; label < tally.labels(); label++) {
            if (tally.support(label) > 0) {
                sum += tally.f1(label);
                occurring++;
            }
        }
        return occurring == 0 ? 0 : sum / occurring;
    }
}
