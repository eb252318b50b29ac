package dev.perennial.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.decoder.CausalExample;
import dev.perennial.lora.recipe.LearningRates;
import dev.perennial.lora.recipe.Noise;
import dev.perennial.lora.recipe.TrainingConfig;
import dev.perennial.lora.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NoiseTest {
    private static final int TEXTS = 4000;
    private static final int TOKENS = 12;
    private static final int VOCABULARY = 1 << 20;
    private static final Draw DRAW = new Draw(1, 7, 0, false);

    private static List<long[]> texts(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> IntStream.range(0, TOKENS).asLongStream().toArray())
                .toList();
    }

    private static List<long[]> noised(Noise noise, Draw draw) {
        return new Noised(noise, draw, texts(TEXTS)).tokens(VOCABULARY, (_, token) -> token > 0 && token < TOKENS - 1);
    }

    @Test
    void theShareOfExamplesAndOfTheirTokensIsWhatIsAskedFor() {
        int touched = 0;
        int others = 0;
        for (long[] text : noised(new Noise(0.3, 0.4, 0), DRAW)) {
            int changed = (int) IntStream.range(0, TOKENS)
                    .filter(i -> text[i] != i)
                    .peek(i -> assertThat(i).isBetween(1, TOKENS - 2))
                    .count();
            assertThat(Arrays.stream(text).max().orElseThrow()).isLessThan(VOCABULARY);
            touched += changed > 0 ? 1 : 0;
            others += changed;
        }
        double seen = 0.3 * (1 - Math.pow(0.6, TOKENS - 2));
        assertThat(touched / (double) TEXTS).isCloseTo(seen, within(0.03));
        assertThat(others / (double) TEXTS).isCloseTo(0.3 * 0.4 * (TOKENS - 2), within(0.1));
    }

    @Test
    void theDrawAloneDecidesAndAQuietOneDrawsNothing() {
        Noise noise = new Noise(0.5, 0.5, 0);
        assertThat(noised(noise, DRAW)).usingRecursiveComparison().isEqualTo(noised(noise, DRAW));
        for (Draw other : List.of(new Draw(2, 7, 0, false), new Draw(1, 8, 0, false), new Draw(1, 7, 1, false))) {
            assertThat(changed(noised(noise, other), noised(noise, DRAW))).isGreaterThan(TEXTS / 2);
        }
        assertThat(changed(noised(noise, Draw.none()), texts(TEXTS))).isZero();
        assertThat(changed(noised(Noise.none(), DRAW), texts(TEXTS))).isZero();
    }

    private static long changed(List<long[]> found, List<long[]> expected) {
        return IntStream.range(0, TEXTS)
                .filter(i -> !Arrays.equals(found.get(i), expected.get(i)))
                .count();
    }

    @Test
    void theNoiseOnEmbeddingsFillsItsBoundAndLeavesWhatFillsTheBatchUp() {
        int d = 8;
        double alpha = 5;
        List<long[]> texts = new ArrayList<>(texts(200));
        texts.set(0, new long[] {1, 2, 3});
        try (PtNDManager memory = Torch.memory()) {
            float[] zeros = new float[texts.size() * TOKENS * d];
            Noised noised = new Noised(new Noise(1, 0, alpha), DRAW, texts);
            float[] added = noised.embedded(Torch.floats(memory, zeros, texts.size(), TOKENS, d))
                    .toFloatArray();
            double bound = alpha / Math.sqrt(TOKENS * d);
            double largest = 0;
            double sum = 0;
            for (int i = TOKENS * d; i < added.length; i++) {
                largest = Math.max(largest, Math.abs(added[i]));
                sum += added[i];
            }
            assertThat(largest).isLessThanOrEqualTo(bound * (1 + 1e-6)).isGreaterThan(0.99 * bound);
            assertThat(sum / added.length).isCloseTo(0, within(0.05 * bound));
            double small = alpha / Math.sqrt(3 * d);
            for (int i = 0; i < TOKENS * d; i++) {
                assertThat((double) Math.abs(added[i])).isLessThanOrEqualTo(i < 3 * d ? small * (1 + 1e-6) : 0);
            }
            Noised some = new Noised(new Noise(0.3, 0, alpha), DRAW, texts(2000));
            float[] shared = some.embedded(Torch.floats(memory, new float[2000 * TOKENS], 2000, TOKENS, 1))
                    .toFloatArray();
            long touched = IntStream.range(0, 2000)
                    .filter(i -> shared[i * TOKENS] != 0)
                    .count();
            assertThat(touched / 2000.0).isCloseTo(0.3, within(0.04));
            Noised quiet = new Noised(new Noise(1, 0, alpha), Draw.none(), texts(200));
            assertThat(quiet.embedded(Torch.floats(memory, zeros, 200, TOKENS, d))
                            .toFloatArray())
                    .containsOnly(0);
        }
    }

    @Test
    void ofALanguageModelsTextTheEndsAndTheAnswersStay() {
        boolean[] counted = {false, false, false, true, true, false, false};
        CausalExample example = new CausalExample(new long[] {9, 8, 7, 6, 5, 4, 3}, counted, 1);
        assertThat(IntStream.range(0, 7).filter(i -> CausalTrainee.isReplaceable(example, i)))
                .containsExactly(1, 2, 5);
    }

    @Test
    void noiseChangesWhatIsTrainedOnButNotTheValidation() {
        TrainingConfig still =
                Fixtures.config().withLearningRate(0).withHeadLearningRate(0).withPatience(0);
        try (TextEncoder encoder = Fixtures.tinyEncoder()) {
            List<TrainingStep> quiet = steps(encoder, still);
            for (Noise noise : List.of(new Noise(1, 0.5, 0), new Noise(1, 0, 20))) {
                List<TrainingStep> noisy = steps(encoder, still.withNoise(noise));
                for (int i = 0; i < quiet.size(); i++) {
                    assertThat(noisy.get(i).loss()).isNotEqualTo(quiet.get(i).loss());
                    assertThat(noisy.get(i).validationLoss())
                            .isEqualTo(quiet.get(i).validationLoss());
                }
            }
        }
        try (LanguageModel model = LanguageRuns.open("qwen2")) {
            TrainingConfig causal =
                    LanguageRuns.config(LanguageTrainingTest.PREFIX).withRates(new LearningRates(0, 0, 0));
            CausalData data = LanguageRuns.data(model);
            List<TrainingStep> quiet = steps(model, data, causal);
            List<TrainingStep> noisy = steps(model, data, causal.withNoise(new Noise(1, 0, 20)));
            assertThat(noisy.getLast().loss()).isNotEqualTo(quiet.getLast().loss());
            assertThat(noisy.getLast().validationLoss())
                    .isEqualTo(quiet.getLast().validationLoss());
        }
    }

    private static List<TrainingStep> steps(TextEncoder encoder, TrainingConfig config) {
        try (TrainingSession<TextClassifier> session = TrainingSession.start(encoder, Fixtures.data(), config)) {
            return steps(session);
        }
    }

    private static List<TrainingStep> steps(LanguageModel model, CausalData data, TrainingConfig config) {
        try (TrainingSession<LanguageTuning> session = TrainingSession.start(model, data, config)) {
            return steps(session);
        }
    }

    private static List<TrainingStep> steps(TrainingSession<?> session) {
        List<TrainingStep> steps = new ArrayList<>();
        while (!session.done()) {
            steps.add(session.step());
        }
        return steps;
    }

    @Test
    void noiseThatSaysHalfOfWhatItIsIsRefused() {
        assertThatThrownBy(() -> new Noise(0.3, 0, 0)).hasMessageContaining("noise needs a share");
        assertThatThrownBy(() -> new Noise(0, 0.1, 0)).hasMessageContaining("noise needs a share");
        assertThatThrownBy(() -> new Noise(2, 0.1, 0)).hasMessageContaining("must be 0 to 1");
    }
}
