package dev.perennial.trainer.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.common.spec.TrainingSpec;
import dev.perennial.lora.LoraConfig;
import dev.perennial.lora.TrainingConfig;
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
                .isEqualTo(new TrainingConfig(
                        new LoraConfig(4, 12, 0.2, List.of("key")), 2e-4, 3e-3, 7, 16, 0.2, 0.05, 0, 2, 5, 40, 11));
    }

    @Test
    void a_child_takes_its_adapters_further_at_a_smaller_rate() {
        assertThat(Recipe.continued(TrainingSpec.DEFAULT, 1).learningRate()).isCloseTo(3e-4, within(1e-12));
        assertThat(Recipe.continued(TrainingSpec.DEFAULT, 1).headLearningRate()).isEqualTo(5e-3);
    }

    @Test
    void a_linear_that_carries_no_adapter_is_refused_with_those_that_do() {
        TrainingSpec spec = new TrainingSpec(
                null,
                null,
                null,
                null,
                List.of("attention"),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);

        assertThatThrownBy(() -> Recipe.of(spec, 1))
                .isInstanceOf(UntrainableException.class)
                .hasMessageContaining("query");
    }
}
