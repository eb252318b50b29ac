package dev.perennial.evaluator.metric;

import java.util.List;

/**
 * What one model answered to the texts of one set. The lists run in parallel, in the order of the set.
 *
 * @param truth the labels that the texts have
 * @param predicted the labels that the model gave them; may hold labels that the truth does not
 */
public record Answers(List<String> truth, List<String> predicted) {
    public Answers {
        truth = List.copyOf(truth);
        predicted = List.copyOf(predicted);
        if (truth.size() != predicted.size()) {
            throw new IllegalArgumentException(
                    "truth and predicted must be as many, not " + truth.size() + " and " + predicted.size());
        }
    }

    public int size() {
        return truth.size();
    }
}
