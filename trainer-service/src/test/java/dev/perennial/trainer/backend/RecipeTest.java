package dev.perennial.trainer.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.common.spec.TrainingSpec;
import dev.perennial.lora.adapter.LoraSettings;
import dev.perennial.lora.adapter.ModulePatterns;
import dev.perennial.lora.recipe.RateDecay;
import dev.perennial.lora.recipe.Schedule;
import dev.perennial.lora.recipe.TrainingConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecipeTest {
    @Test
    void every_key_of_the_specs_training_part_reaches_the_library() {
        TrainingSpec spec = new TrainingSpec(
                "lora",
                4,
                12.0,
                0.2,
                List.of("key"),
                2e-4,
                3e-3,
                7,
                16,
                0.2,
                0.05,
                2.0,
                new TrainingSpec.EarlyStop(5),
                40,
                null);

        assertThat(Recipe.of(spec, 11))
                .isEqualTo(TrainingConfig.defaults()
                        .withLora(new LoraSettings(
                                4, 12, 0.2, false, List.of("key"), ModulePatterns.none(), ModulePatterns.none()))
                        .withLearningRate(2e-4)
                        .withHeadLearningRate(3e-3)
                        .withSchedule(new Schedule(7, 16, 1, 0.2, RateDecay.LINEAR, 5))
                        .withWeightDecay(0.05)
                        .withClipNorm(2)
                        .withMaxTokens(40)
                        .withSeed(11));
    }

    @Test
    void a_child_takes_its_adapters_further_at_a_smaller_rate() {
        assertThat(Recipe.continued(TrainingSpec.DEFAULT, 1).rates().adapter()).isCloseTo(3e-4, within(1e-12));
        assertThat(Recipe.continued(TrainingSpec.DEFAULT, 1).rates().head()).isEqualTo(5e-3);
    }
}
