package dev.perennial.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.lora.recipe.Adaptation;
import dev.perennial.lora.recipe.TrainingConfig;
import dev.perennial.lora.safetensors.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a session holds after steps that went wrong. */
class BrokenStepTest {
    @TempDir
    Path directory;

    /** The third epoch begins with a loss that is out of bounds, so the fourth steps back to the end of the first. */
    @Test
    void aStepBackOfSeveralEpochsKeepsTheBestWeights() {
        ScriptedTrainee trainee =
                new ScriptedTrainee(new double[] {1, 1, 3, 1000, 1, 1, 1, 1}, 2, 1.0, 0.5, 0.7, 0.8, 0.9, 1.1, 1.2);
        TrainingConfig config = ScriptedTrainee.config().withEpochs(5).withAdaptation(new Adaptation(0, 0.5, 1, 1));
        try (TrainingSession<SortedMap<String, Tensor>> session = trainee.run(config)) {
            session.step();
            session.step();
            float[] best = ScriptedTrainee.weights(session);
            session.step();
            assertThat(session.step().notice()).contains("back to the end of epoch 1");
            assertThat(session.summary().bestEpoch()).isEqualTo(2);
            assertThat(session.summary().bestValidationLoss()).hasValue(0.5);
            Fixtures.finish(session);
            assertThat(ScriptedTrainee.weights(session)).containsExactly(best);
            assertThat(session.summary().bestEpoch()).isEqualTo(2);
            assertThat(session.summary().bestValidationLoss()).hasValue(0.5);
        }
    }

    @Test
    void withoutValidationTheBestEpochIsTheLastOneThatWasNotUndone() {
        ScriptedTrainee trainee = new ScriptedTrainee(new double[] {1, 1, 3, 1000});
        TrainingConfig config = ScriptedTrainee.config().withEpochs(5).withAdaptation(new Adaptation(0, 0.5, 1, 1));
        try (TrainingSession<SortedMap<String, Tensor>> session = trainee.run(config)) {
            for (int epoch = 1; epoch <= 3; epoch++) {
                session.step();
                assertThat(session.summary().bestEpoch()).isEqualTo(epoch);
            }
            session.step();
            assertThat(session.summary().bestEpoch()).isEqualTo(1);
        }
    }

    @Test
    void aStepThatFailedBeforeItMovedAnythingCanBeTakenAgain() {
        double[] losses = {0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5};
        TrainingConfig config = ScriptedTrainee.config().withEpochs(3).withMicroBatches(2);
        List<float[]> weights = new ArrayList<>();
        List<Double> found = new ArrayList<>();
        for (int failing : new int[] {-1, 0, 1, 2, 3}) { // the part of a step, in the run
            ScriptedTrainee trainee = new ScriptedTrainee(losses);
            trainee.failing = failing;
            try (TrainingSession<SortedMap<String, Tensor>> session = trainee.run(config)) {
                while (!session.done()) {
                    try {
                        found.add(session.step().loss());
                    } catch (IllegalArgumentException e) {
                        session.checkpoint(directory.resolve("checkpoint")); // is one of before the step
                    }
                }
                weights.add(ScriptedTrainee.weights(session));
            }
        }
        assertThat(found).hasSize(15).containsOnly(1.0);
        assertThat(weights).allSatisfy(each -> assertThat(each).containsExactly(weights.getFirst()));
    }

    @Test
    void afterADivergenceOnTheLastBatchOfAnEpochTheNextStepIsRefused() {
        ScriptedTrainee trainee = new ScriptedTrainee(new double[] {1, Double.NaN, 1, 1}, 2, 1, 1);
        try (TrainingSession<SortedMap<String, Tensor>> session =
                trainee.run(ScriptedTrainee.config().withEpochs(3))) {
            session.step();
            float[] best = ScriptedTrainee.weights(session);
            assertThatThrownBy(session::step).isInstanceOf(TrainingDivergedException.class);
            assertRefused(session);
            assertThat(ScriptedTrainee.weights(session)).as("the best so far").containsExactly(best);
        }
    }

    @Test
    void afterAValidationThatFailedTheNextStepIsRefused() {
        ScriptedTrainee trainee = new ScriptedTrainee(new double[] {1, 1, 1}, 2);
        try (TrainingSession<SortedMap<String, Tensor>> session =
                trainee.run(ScriptedTrainee.config().withEpochs(3))) {
            assertThatThrownBy(session::step).isInstanceOf(NoSuchElementException.class);
            assertRefused(session);
        }
    }

    private void assertRefused(TrainingSession<?> session) {
        assertThatThrownBy(session::step)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("resume from an earlier checkpoint or start a new run");
        assertThatThrownBy(() -> session.checkpoint(directory.resolve("checkpoint")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("resume from an earlier checkpoint or start a new run");
    }
}
