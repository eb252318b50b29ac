package dev.perennial.benchmarks.learn;

import dev.perennial.lora.LabelledText;
import dev.perennial.lora.LinearProbe;
import dev.perennial.lora.TextClassifier;
import dev.perennial.lora.TextEncoder;
import dev.perennial.lora.TrainingConfig;
import dev.perennial.lora.TrainingData;
import dev.perennial.lora.TrainingSession;
import dev.perennial.lora.TrainingStep;
import java.util.List;
import java.util.Locale;

/** Trains on some texts and answers how many of others come out right, in percent. */
record Learner(TextEncoder encoder, List<String> labels) {

    /** Of a softmax regression over the frozen encoder's vectors. */
    double probe(List<LabelledText> train, List<LabelledText> asked) {
        LinearProbe probe = LinearProbe.fit(
                labels,
                encoder.embed(texts(train)),
                train.stream().map(LabelledText::label).toList());
        float[][] vectors = encoder.embed(texts(asked));
        int right = 0;
        for (int i = 0; i < vectors.length; i++) {
            float[] probabilities = probe.probabilities(vectors[i]);
            int best = 0;
            for (int label = 1; label < probabilities.length; label++) {
                best = probabilities[label] > probabilities[best] ? label : best;
            }
            right += labels.get(best).equals(asked.get(i).label()) ? 1 : 0;
        }
        return 100.0 * right / vectors.length;
    }

    /**
     * Of an adapter after its last epoch: no text but those of {@code train} has a part in it.
     *
     * @param curve epochs between looks at the accuracy on the way, which go to the log; 0 for none
     */
    double adapter(List<LabelledText> train, List<LabelledText> asked, TrainingConfig config, int curve) {
        TrainingData data = new TrainingData(labels, train, List.of());
        int batches = Math.ceilDiv(train.size(), config.schedule().batchSize());
        try (TrainingSession<TextClassifier> session = TrainingSession.start(encoder, data, config, null)) {
            while (!session.done()) {
                TrainingStep step = session.step();
                if (curve > 0 && step.step() % (batches * curve) == 0 && !session.done()) {
                    System.err.printf(
                            Locale.ROOT,
                            "  epoch %d: %.2f, loss %.4f%n",
                            step.epoch(),
                            accuracy(session, asked),
                            step.loss());
                }
            }
            return accuracy(session, asked);
        }
    }

    private static double accuracy(TrainingSession<TextClassifier> session, List<LabelledText> asked) {
        try (TextClassifier classifier = session.finish()) {
            var answers = classifier.classify(texts(asked));
            int right = 0;
            for (int i = 0; i < asked.size(); i++) {
                right += answers.get(i).label().equals(asked.get(i).label()) ? 1 : 0;
            }
            return 100.0 * right / asked.size();
        }
    }

    private static List<String> texts(List<LabelledText> samples) {
        return samples.stream().map(LabelledText::text).toList();
    }
}
