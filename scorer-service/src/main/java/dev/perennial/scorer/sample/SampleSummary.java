package dev.perennial.scorer.sample;

import dev.perennial.common.event.Count;
import dev.perennial.common.event.SampleSource;
import java.util.List;

/**
 * A model's samples, counted.
 *
 * @param pending wait for their cohort to be judged
 * @param labels by label and source; an empty label stands for all that are none of the model's
 * @param reasons how many were rejected for what, the most frequent first
 */
record SampleSummary(
        String model, long accepted, long rejected, long pending, List<LabelCount> labels, List<Count> reasons) {

    /** Of one label and source. */
    record LabelCount(String label, SampleSource source, long accepted, long rejected) {}
}
