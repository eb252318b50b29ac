package dev.perennial.lora.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TrainingConfigTest {
    @Test
    void whatIsChangedOfARecipeLeavesItsOtherParts() {
        Schedule schedule = new Schedule(9, 8, 7, 0.6, RateDecay.COSINE, 5);
        assertThat(schedule.withEpochs(1)).isEqualTo(new Schedule(1, 8, 7, 0.6, RateDecay.COSINE, 5));
        assertThat(schedule.withBatchSize(10)).isEqualTo(new Schedule(9, 10, 7, 0.6, RateDecay.COSINE, 5));
        assertThat(schedule.withMicroBatches(1)).isEqualTo(new Schedule(9, 8, 1, 0.6, RateDecay.COSINE, 5));
        assertThat(schedule.withWarmupRatio(0)).isEqualTo(new Schedule(9, 8, 7, 0, RateDecay.COSINE, 5));
        assertThat(schedule.withDecay(RateDecay.LINEAR)).isEqualTo(new Schedule(9, 8, 7, 0.6, RateDecay.LINEAR, 5));
        assertThat(schedule.withPatience(1)).isEqualTo(new Schedule(9, 8, 7, 0.6, RateDecay.COSINE, 1));
        Regularization some = new Regularization(0.1, 0.2, 3, Noise.usual());
        assertThat(some.withWeightDecay(0)).isEqualTo(new Regularization(0, 0.2, 3, Noise.usual()));
        assertThat(some.withLabelSmoothing(0)).isEqualTo(new Regularization(0.1, 0, 3, Noise.usual()));
        assertThat(some.withClipNorm(1)).isEqualTo(new Regularization(0.1, 0.2, 1, Noise.usual()));
        assertThat(some.withNoise(Noise.none())).isEqualTo(new Regularization(0.1, 0.2, 3, Noise.none()));
    }

    @Test
    void layersAreFrozenFromTheLowestUp() {
        assertThat(TrainingConfig.defaults().withFrozenLayers(3).frozenLayers()).containsExactly(0, 1, 2);
        assertThat(TrainingConfig.defaults().withFrozenLayers(0).frozenLayers()).isEmpty();
        assertThatThrownBy(() -> TrainingConfig.defaults().withFrozenLayers(-1))
                .hasMessageContaining("must not be negative");
    }

    @Test
    void badSettingsAreRefusedWithTheirLimits() {
        assertThatThrownBy(() -> TrainingConfig.defaults().withEpochs(0))
                .hasMessageContaining("epochs must be 1 to 1000, not 0");
        assertThatThrownBy(() -> TrainingConfig.defaults().withMicroBatches(0)).hasMessageContaining("microBatches");
        assertThatThrownBy(() -> TrainingConfig.defaults().withBatchSize(4).withMicroBatches(5))
                .hasMessageContaining("microBatches must be 1 to the batchSize of 4, not 5");
        assertThatThrownBy(() -> TrainingConfig.defaults().withLearningRate(Double.NaN))
                .hasMessageContaining("learningRate");
    }
}
