package dev.perennial.lora.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class SamplerTest {
    @SuppressWarnings("ArrayRecordComponent") // of this test alone
    private record Setting(double temperature, double topP, int[] kept, double[] probabilities) {}

    private record Golden(String name, List<@Nullable Float> logits, int greedy, List<Setting> settings) {
        float[] scores() {
            float[] scores = new float[logits.size()];
            for (int i = 0; i < scores.length; i++) {
                Float logit = logits.get(i);
                scores[i] = logit == null ? Float.NEGATIVE_INFINITY : logit;
            }
            return scores;
        }
    }

    private static Golden[] golden() throws IOException {
        try (InputStream json = SamplerTest.class.getResourceAsStream("/golden/sampling.json")) {
            return JsonMapper.shared().readValue(json, Golden[].class);
        }
    }

    @Test
    void theKeptTokensAndTheirProbabilitiesAreThoseOfTransformers() throws IOException {
        for (Golden golden : golden()) {
            for (Setting setting : golden.settings) {
                String what = golden.name + " " + setting.temperature + " " + setting.topP;
                Candidates candidates = Candidates.of(golden.scores(), new Sampling(setting.temperature, setting.topP));
                int[] tokens = candidates.tokens();
                int[] byToken = IntStream.range(0, tokens.length)
                        .boxed()
                        .sorted((a, b) -> Integer.compare(tokens[a], tokens[b]))
                        .mapToInt(Integer::intValue)
                        .toArray();
                int[] positive = IntStream.range(0, setting.kept.length)
                        .filter(i -> setting.probabilities[i] > 0) // 32 bits round what cannot be drawn to 0
                        .toArray();
                assertThat(IntStream.of(byToken).map(i -> tokens[i]).filter(token -> isPositive(setting, token)))
                        .as(what)
                        .containsExactlyElementsOf(IntStream.of(positive)
                                .mapToObj(i -> setting.kept[i])
                                .toList());
                for (int i : byToken) {
                    assertThat(candidates.probabilities()[i])
                            .as(what)
                            .isCloseTo(probability(setting, tokens[i]), within(1e-6));
                }
            }
            assertThat(new Sampler(Sampling.greedy(), 1).next(golden.scores())).isEqualTo(golden.greedy);
        }
    }

    private static boolean isPositive(Setting setting, int token) {
        return probability(setting, token) > 0;
    }

    /** Fails for a token that the reference does not keep. */
    private static double probability(Setting setting, int token) {
        return setting.probabilities[
                IntStream.range(0, setting.kept.length)
                        .filter(i -> setting.kept[i] == token)
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("token " + token + " is not kept"))];
    }

    @Test
    void candidatesComeInTheOrderOfTheirProbabilityAndAmongEqualsOfTheToken() {
        float[] logits = {1, 3, -0f, 3, 0f, Float.NEGATIVE_INFINITY};
        assertThat(Candidates.of(logits, new Sampling(1, 1 - 1e-9)).tokens()).containsExactly(1, 3, 0, 2, 4);
        assertThat(Candidates.of(logits, new Sampling(1, 1)).tokens()).containsExactly(0, 1, 2, 3, 4);
        assertThat(Candidates.of(logits, Sampling.greedy()).tokens()).containsExactly(1);
    }

    @Test
    void aDrawHitsEachTokenAsOftenAsItIsProbable() {
        float[] logits = {0, (float) Math.log(3), (float) Math.log(6)};
        Sampler sampler = new Sampler(new Sampling(1, 1), 5);
        int[] hits = new int[3];
        for (int i = 0; i < 40_000; i++) {
            hits[sampler.next(logits)]++;
        }
        assertThat(hits[0] / 40_000.0).isCloseTo(0.1, within(0.01));
        assertThat(hits[1] / 40_000.0).isCloseTo(0.3, within(0.01));
        assertThat(hits[2] / 40_000.0).isCloseTo(0.6, within(0.01));
        assertThat(Candidates.of(logits, new Sampling(1, 0.5)).at(0.999)).isEqualTo(2);
    }

    @Test
    void theSameSeedDrawsTheSameTokens() {
        float[] logits = new float[500];
        assertThat(draws(logits, 3)).isEqualTo(draws(logits, 3)).isNotEqualTo(draws(logits, 4));
    }

    private static List<Integer> draws(float[] logits, long seed) {
        Sampler sampler = new Sampler(new Sampling(0.8, 0.95), seed);
        return IntStream.range(0, 20).mapToObj(_ -> sampler.next(logits)).toList();
    }

    @Test
    void whatCannotBeSampledIsRefused() {
        Sampling sampling = new Sampling(1, 1);
        assertThatThrownBy(() -> new Sampling(-1, 1)).hasMessageContaining("temperature");
        assertThatThrownBy(() -> new Sampling(Double.NaN, 1)).hasMessageContaining("temperature");
        assertThatThrownBy(() -> new Sampling(1, 0)).hasMessageContaining("topP");
        assertThatThrownBy(() -> Candidates.of(new float[] {0, Float.NaN}, sampling))
                .hasMessage("the logit of token 1 is NaN");
        assertThatThrownBy(() -> Candidates.of(new float[] {Float.NEGATIVE_INFINITY}, sampling))
                .hasMessage("every token is excluded");
        assertThatThrownBy(() -> Candidates.of(new float[0], Sampling.greedy())).hasMessage("every token is excluded");
    }
}
