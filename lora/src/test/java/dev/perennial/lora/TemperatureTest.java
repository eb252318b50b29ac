package dev.perennial.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.lora.probe.Softmax;
import dev.perennial.lora.recipe.TrainingConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemperatureTest {
    private static final int LABELS = 5;

    @TempDir
    Path directory;

    @Test
    void anOverconfidentClassifierGetsTheTemperatureItIsOffBy() {
        int n = 4000;
        float[][] fitted = new float[n][];
        float[][] fresh = new float[n][];
        Random random = new Random(3);
        int[] fittedClasses = draw(fitted, random);
        int[] freshClasses = draw(fresh, random);
        double temperature = Temperature.fit(fitted, fittedClasses);
        assertThat(temperature).isCloseTo(3, within(0.2));
        assertThat(calibrationError(fresh, freshClasses, 1)).isGreaterThan(0.2);
        assertThat(calibrationError(fresh, freshClasses, temperature)).isLessThan(0.03);
    }

    /** Classes by the softmax of normal numbers; the logits are three times those. */
    private static int[] draw(float[][] logits, Random random) {
        int[] classes = new int[logits.length];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = new float[LABELS];
            for (int label = 0; label < LABELS; label++) {
                logits[i][label] = 4.5f * (float) random.nextGaussian();
            }
            double left = random.nextDouble();
            float[] probabilities = Softmax.of(logits[i], 3);
            while (classes[i] < LABELS - 1 && (left -= probabilities[classes[i]]) > 0) {
                classes[i]++;
            }
        }
        return classes;
    }

    /** Guo et al., arXiv:1706.04599, equation 3, in 15 bins. */
    private static double calibrationError(float[][] logits, int[] classes, double temperature) {
        double[] gap = new double[15];
        for (int i = 0; i < classes.length; i++) {
            int best = Softmax.argMax(logits[i]);
            double confidence = Softmax.of(logits[i], temperature)[best];
            gap[Math.min(14, (int) (15 * confidence))] += confidence - (best == classes[i] ? 1 : 0);
        }
        double sum = 0;
        for (double each : gap) {
            sum += Math.abs(each) / classes.length;
        }
        return sum;
    }

    @Test
    void aFewTextsThatAreAllRightMakeNoCertainty() {
        float[][] logits = {{2, 0}, {0, 2}, {2, 0}};
        double temperature = Temperature.fit(logits, new int[] {0, 1, 0});
        assertThat(Softmax.of(logits[0], temperature)[0]).isCloseTo(0.9f, within(1e-3f)); // 1 - 1/(3+2)/2
    }

    @Test
    void equalLogitsAndLogitsThatAreNoNumbersGiveATemperatureInRange() {
        for (float value : new float[] {0, 1e38f, Float.NaN}) {
            assertThat(Temperature.fit(new float[][] {{value, value}}, new int[] {1}))
                    .isBetween(Temperature.MIN, Temperature.MAX);
        }
    }

    @Test
    void aRunCalibratesOnValidationAndSavesIt() throws IOException {
        List<LabelledText> noisy = new ArrayList<>();
        Random random = new Random(5);
        for (LabelledText text : Fixtures.texts(40, 2)) {
            String label = random.nextInt(10) < 4 ? Fixtures.LABELS.get(random.nextInt(3)) : text.label();
            noisy.add(new LabelledText(text.text(), label));
        }
        TrainingData data = new TrainingData(Fixtures.LABELS, Fixtures.texts(14, 1), noisy);
        TrainingConfig config =
                Fixtures.config().withEpochs(12).withLearningRate(1e-2).withHeadLearningRate(1e-1);
        try (TextEncoder encoder = Fixtures.tinyEncoder();
                TrainingSession<TextClassifier> session = TrainingSession.start(encoder, data, config)) {
            Fixtures.finish(session);
            try (TextClassifier classifier = session.finish();
                    TextClassifier loaded = encoder.classifier(classifier.save(directory))) {
                requireCalibrated(classifier, noisy);
                requireSame(classifier, loaded);
            }
            Path head = directory.resolve("classifier.json");
            String json = Files.readString(head);
            Files.writeString(head, json.replaceAll("\"temperature\" : [0-9.E-]+,", ""));
            assertThat(Files.readString(head)).isNotEqualTo(json);
            try (TextClassifier old = encoder.classifier(directory)) {
                Classification answer = old.classify("my router is dead");
                assertThat(answer.probabilities()).containsExactly(Softmax.of(answer.logits()));
            }
        }
    }

    private static void requireCalibrated(TextClassifier classifier, List<LabelledText> texts) {
        List<Classification> answers =
                classifier.classify(texts.stream().map(LabelledText::text).toList());
        float[][] logits = answers.stream().map(Classification::logits).toArray(float[][]::new);
        int[] classes = texts.stream()
                .mapToInt(text -> Fixtures.LABELS.indexOf(text.label()))
                .toArray();
        double temperature = Temperature.fit(logits, classes);
        assertThat(temperature).isGreaterThan(1.5);
        assertThat(calibrationError(logits, classes, temperature))
                .isLessThan(0.6 * calibrationError(logits, classes, Temperature.NONE));
        for (Classification answer : answers) {
            int best = Softmax.argMax(answer.logits());
            assertThat(answer.label()).isEqualTo(Fixtures.LABELS.get(best));
            assertThat(answer.probabilities()).containsExactly(Softmax.of(answer.logits(), temperature), within(1e-4f));
            assertThat(answer.confidence()).isEqualTo(answer.probabilities()[best]);
        }
    }

    private static void requireSame(TextClassifier a, TextClassifier b) {
        List<String> texts = List.of("my router is dead", "pay the invoice");
        for (int i = 0; i < texts.size(); i++) {
            assertThat(b.classify(texts).get(i).probabilities())
                    .containsExactly(a.classify(texts).get(i).probabilities());
        }
    }
}
