package dev.perennial.benchmarks.learn;

import dev.perennial.lora.Classification;
import dev.perennial.lora.LabelledText;
import java.util.List;
import java.util.function.Function;

/**
 * How much of one task a model of several still knows, in percent.
 *
 * @param open right among the labels of all tasks: what falls is forgotten or taken for a later task's
 * @param own right among the labels of the task alone: what falls is forgotten
 */
record Recall(double open, double own) {

    /** @param labels of the classifier, in the order of its logits */
    static Recall of(
            List<String> labels,
            Sequence.Task task,
            List<LabelledText> asked,
            Function<List<String>, List<Classification>> classify) {
        List<Classification> answers =
                classify.apply(asked.stream().map(LabelledText::text).toList());
        List<Integer> rows = task.labels().stream().map(labels::indexOf).toList();
        int open = 0;
        int own = 0;
        for (int i = 0; i < asked.size(); i++) {
            String label = asked.get(i).label();
            float[] logits = answers.get(i).logits();
            int best = rows.stream()
                    .max((a, b) -> Float.compare(logits[a], logits[b]))
                    .orElseThrow();
            open += answers.get(i).label().equals(label) ? 1 : 0;
            own += labels.get(best).equals(label) ? 1 : 0;
        }
        return new Recall(100.0 * open / asked.size(), 100.0 * own / asked.size());
    }
}
