package dev.perennial.benchmarks.learn;

import dev.perennial.lora.Classification;
import dev.perennial.lora.LabelledText;
import dev.perennial.lora.TextClassifier;
import dev.perennial.lora.TextEncoder;
import dev.perennial.lora.TrainingData;
import dev.perennial.lora.TrainingSession;
import dev.perennial.lora.TrainingStep;
import dev.perennial.lora.probe.LinearProbe;
import dev.perennial.lora.probe.Softmax;
import dev.perennial.lora.recipe.TrainingConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Trains on some texts and asks about others. */
record Learner(TextEncoder encoder, List<String> labels) {

    /**
     * @param accuracy how many texts come out right, in percent
     * @param loss cross entropy in nats, a finer measure where texts are few
     */
    record Mark(double accuracy, double loss) {
        /** @param probabilities of the labels, a row a text */
        static Mark of(List<String> labels, List<float[]> probabilities, List<LabelledText> asked) {
            int right = 0;
            double loss = 0;
            for (int i = 0; i < asked.size(); i++) {
                float[] row = probabilities.get(i);
                int label = labels.indexOf(asked.get(i).label());
                right += Softmax.argMax(row) == label ? 1 : 0;
                loss -= Math.log(Math.max(row[label], Float.MIN_NORMAL));
            }
            return new Mark(100.0 * right / asked.size(), loss / asked.size());
        }
    }

    /** Of a softmax regression over the frozen encoder's vectors. */
    Mark probe(List<LabelledText> train, List<LabelledText> asked) {
        LinearProbe probe = LinearProbe.fit(
                labels,
                encoder.embed(texts(train)),
                train.stream().map(LabelledText::label).toList());
        List<float[]> rows = Arrays.stream(encoder.embed(texts(asked)))
                .map(probe::probabilities)
                .toList();
        return Mark.of(labels, rows, asked);
    }

    /**
     * Of an adapter after its last epoch: no text but those of {@code train} has a part in it.
     *
     * @param curve epochs between looks at the mark on the way, which go to the log; 0 for none
     */
    Mark adapter(List<LabelledText> train, List<LabelledText> asked, TrainingConfig config, int curve) {
        TrainingData data = new TrainingData(labels, train, List.of());
        int batches = Math.ceilDiv(train.size(), config.schedule().batchSize());
        try (TrainingSession<TextClassifier> session = TrainingSession.start(encoder, data, config)) {
            while (!session.done()) {
                TrainingStep step = session.step();
                if (curve > 0 && step.step() % (batches * curve) == 0 && !session.done()) {
                    Mark mark = mark(session, asked);
                    System.err.printf(
                            Locale.ROOT,
                            "  epoch %d: %.2f, loss %.4f, training loss %.4f%n",
                            step.epoch(),
                            mark.accuracy(),
                            mark.loss(),
                            step.loss());
                }
            }
            return mark(session, asked);
        }
    }

    private Mark mark(TrainingSession<TextClassifier> session, List<LabelledText> asked) {
        try (TextClassifier classifier = session.finish()) {
            List<float[]> rows = classifier.classify(texts(asked)).stream()
                    .map(Classification::probabilities)
                    .toList();
            return Mark.of(labels, rows, asked);
        }
    }

    private static List<String> texts(List<LabelledText> samples) {
        return samples.stream().map(LabelledText::text).toList();
    }
}
