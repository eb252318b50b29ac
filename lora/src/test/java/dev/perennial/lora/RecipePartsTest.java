package dev.perennial.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.adapter.LoraSettings;
import dev.perennial.lora.recipe.RateDecay;
import dev.perennial.lora.tensor.Torch;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class RecipePartsTest {
    private static List<long[]> textsOfManyLengths() {
        Random random = new Random(3);
        return IntStream.range(0, 1000)
                .mapToObj(i -> new long[2 + random.nextInt(30)])
                .toList();
    }

    private static List<int[]> plan(List<long[]> texts, int batchSize, long seed, int epoch) {
        int[] all = IntStream.range(0, texts.size()).toArray();
        return EpochPlan.of(i -> texts.get(i).length, all, batchSize, Seeds.mix(seed, epoch));
    }

    @Test
    void anEpochTakesEveryExampleOnceInBatchesOfLikeLength() {
        List<long[]> texts = textsOfManyLengths();
        List<int[]> plan = plan(texts, 32, 7, 0);
        assertThat(plan).hasSize(32);
        assertThat(plan.stream().flatMapToInt(Arrays::stream).sorted().toArray())
                .isEqualTo(IntStream.range(0, 1000).toArray());
        long padded = plan.stream()
                .mapToLong(batch -> (long) batch.length
                        * IntStream.of(batch)
                                .map(i -> texts.get(i).length)
                                .max()
                                .orElseThrow())
                .sum();
        long real = texts.stream().mapToLong(ids -> ids.length).sum();
        assertThat(padded / (double) real).isLessThan(1.1);
    }

    @Test
    void theBatchesDependOnSeedAndEpochAlone() {
        List<long[]> texts = textsOfManyLengths();
        assertThat(plan(texts, 32, 7, 1)).usingRecursiveComparison().isEqualTo(plan(texts, 32, 7, 1));
        assertThat(plan(texts, 32, 7, 1).getFirst())
                .isNotEqualTo(plan(texts, 32, 7, 2).getFirst())
                .isNotEqualTo(plan(texts, 32, 8, 1).getFirst());
    }

    @Test
    void inferenceBatchesHoldEveryTextOnceAndStayWithinTheirBounds() {
        List<long[]> texts = new ArrayList<>(textsOfManyLengths());
        texts.add(new long[5000]);
        List<List<Integer>> batches = LengthBatches.of(texts);
        assertThat(batches.stream().flatMap(List::stream)).hasSize(1001).doesNotHaveDuplicates();
        for (List<Integer> batch : batches) {
            int longest =
                    batch.stream().mapToInt(i -> texts.get(i).length).max().orElseThrow();
            assertThat(batch.size() == 1 || batch.size() * longest <= 2048).isTrue();
        }
    }

    @Test
    void theRateRisesToItsPeakAndFallsToAlmostNothing() {
        RateSchedule schedule = RateSchedule.of(RateDecay.LINEAR, 0.1, 100);
        assertThat(schedule.factor(1)).isEqualTo(0.1);
        assertThat(schedule.factor(10)).isEqualTo(1);
        assertThat(schedule.factor(11)).isEqualTo(1);
        assertThat(schedule.factor(100)).isEqualTo(1 / 90.0, within(1e-12));
        assertThat(RateSchedule.of(RateDecay.LINEAR, 0, 4).factor(1)).isEqualTo(1);
    }

    private record GoldenRates(String decay, int warmup, int total, List<Double> factors) {}

    @Test
    void theDecaysAreThoseOfTransformersAndTheWarmUpIsOneStepAhead() throws IOException {
        try (InputStream json = RecipePartsTest.class.getResourceAsStream("/golden/schedules.json")) {
            GoldenRates[] golden = JsonMapper.shared().readValue(json, GoldenRates[].class);
            assertThat(golden).hasSize(6);
            for (GoldenRates rates : golden) {
                RateSchedule schedule = new RateSchedule(RateDecay.valueOf(rates.decay), rates.warmup, rates.total);
                for (int step = 1; step <= rates.total; step++) {
                    int theirs = step <= rates.warmup ? step : step - 1; // counted from 0
                    assertThat(schedule.factor(step))
                            .as(rates.decay + " " + step)
                            .isCloseTo(rates.factors.get(theirs), within(1e-12));
                }
            }
        }
    }

    @Test
    void aBatchIsCutIntoPartsOfLikeSizeThatTogetherAreTheBatch() {
        int[] batch = IntStream.range(5, 16).toArray();
        List<int[]> parts = EpochPlan.parts(batch, 3);
        assertThat(parts.stream().map(part -> part.length)).containsExactly(3, 4, 4);
        assertThat(parts.stream().flatMapToInt(IntStream::of).toArray()).containsExactly(batch);
        assertThat(EpochPlan.parts(batch, 99).stream().map(part -> part.length))
                .hasSize(11)
                .containsOnly(1);
    }

    @Test
    void anEpochReplaysTheShareOfEarlierExamplesThatIsAskedForAndOthersEachTime() {
        int[] first = EpochPlan.examples(70, 200, 0.3, 1);
        assertThat(first)
                .hasSize(100)
                .doesNotHaveDuplicates()
                .startsWith(IntStream.range(0, 70).toArray());
        assertThat(IntStream.of(first).skip(70)).allMatch(i -> i >= 70 && i < 270);
        assertThat(EpochPlan.examples(70, 200, 0.3, 1)).isEqualTo(first);
        assertThat(EpochPlan.examples(70, 200, 0.3, 2)).isNotEqualTo(first);
        assertThat(EpochPlan.examples(70, 10, 0.3, 1))
                .as("no more than there are")
                .hasSize(80);
        assertThat(EpochPlan.examples(70, 200, 0, 1)).hasSize(70);
    }

    @Test
    void dropoutZeroesItsShareKeepsTheMeanAndRepeatsItself() {
        try (PtNDManager memory = Torch.memory()) {
            float[] ones = new float[40_000];
            Arrays.fill(ones, 1);
            PtNDArray x = Torch.floats(memory, ones, 100, 400);
            float[] dropped = new Dropout(0.25, 1, 1).apply(memory, "a", x).toFloatArray();
            long zeros = IntStream.range(0, dropped.length)
                    .filter(i -> dropped[i] == 0)
                    .count();
            assertThat(zeros / 40_000.0).isCloseTo(0.25, within(0.01));
            assertThat(IntStream.range(0, dropped.length)
                            .mapToDouble(i -> dropped[i])
                            .average()
                            .orElseThrow())
                    .isCloseTo(1, within(0.01));
            assertThat(new Dropout(0.25, 1, 1).apply(memory, "a", x).toFloatArray())
                    .containsExactly(dropped);
            assertThat(new Dropout(0.25, 1, 2).apply(memory, "a", x).toFloatArray())
                    .isNotEqualTo(dropped);
            assertThat(new Dropout(0.25, 1, 1).apply(memory, "b", x).toFloatArray())
                    .isNotEqualTo(dropped);
        }
    }

    @Test
    void badSettingsAreRefusedWithTheirLimits() {
        assertThatThrownBy(() -> LoraSettings.of(0, 16, "query")).hasMessageContaining("rank must be 1 to 512");
        assertThatThrownBy(() -> LoraSettings.of(8, 16)).hasMessageContaining("must name at least one linear");
        assertThatThrownBy(() -> Fixtures.dropping(8, 1, "query")).hasMessageContaining("dropout");
        assertThatThrownBy(() -> new TrainingData(List.of("a", "b"), List.of(new LabelledText("x", "c")), List.of()))
                .hasMessageContaining("train[0] has the label 'c'");
        assertThatThrownBy(() -> new LabelledText("x", "a", 0)).hasMessageContaining("weight");
    }
}
