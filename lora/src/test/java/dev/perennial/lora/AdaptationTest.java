package dev.perennial.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.lora.recipe.Adaptation;
import dev.perennial.lora.recipe.Retention;
import dev.perennial.lora.recipe.TrainingConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdaptationTest {
    private static final TrainingData DATA = Fixtures.data();

    private final TextEncoder encoder = Fixtures.tinyEncoder();

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        encoder.close();
    }

    private TrainingSession<TextClassifier> start(TrainingConfig config) {
        return TrainingSession.start(encoder, DATA, config);
    }

    /** Nothing moves, so no epoch is better than the start. */
    @Test
    void onAPlateauTheRatesFallAndTheBatchGrows() {
        TrainingConfig config = Fixtures.config()
                .withEpochs(4)
                .withPatience(0)
                .withWarmupRatio(0)
                .withClipNorm(1e-30)
                .withLearningRate(1e-30)
                .withHeadLearningRate(0)
                .withAdaptation(new Adaptation(2, 0.5, 3, 0));
        List<TrainingStep> steps = new ArrayList<>();
        try (TrainingSession<TextClassifier> session = start(config)) {
            while (!session.done()) {
                steps.add(session.step());
            }
        }
        assertThat(stepsOf(steps, 1)).hasSize(6);
        assertThat(stepsOf(steps, 2)).hasSize(6);
        assertThat(stepsOf(steps, 3)).hasSize(2);
        assertThat(stepsOf(steps, 4)).hasSize(2);
        assertThat(steps.getLast().totalSteps()).isEqualTo(16);
        assertThat(steps.get(11).notice())
                .contains("for 2 epochs")
                .contains("0.5 of the recipe's")
                .contains("24 examples");
        assertThat(steps.stream().filter(step -> !step.notice().isEmpty())).hasSize(2);
        double peak = config.rates().adapter();
        assertThat(steps.get(11).learningRate() / peak).isCloseTo(1 - 11 / 24.0, within(1e-9));
        assertThat(steps.get(12).learningRate() / peak).isCloseTo(0.5 * (1 - 14 / 24.0), within(1e-9));
        assertThat(steps.get(15).learningRate() / peak).isCloseTo(0.5 * (1 - 23 / 24.0), within(1e-9));
    }

    private static List<TrainingStep> stepsOf(List<TrainingStep> steps, int epoch) {
        return steps.stream().filter(step -> step.epoch() == epoch).toList();
    }

    /** A rate at which the penalty of so great a strength throws the weights ever farther off. */
    private static TrainingConfig wild(int stepBacks) {
        return LanguageRuns.config(LanguageTrainingTest.LORA)
                .withRetention(new Retention(0, 1e4))
                .withBatchSize(4)
                .withEpochs(8)
                .withWarmupRatio(0.3)
                .withAdaptation(new Adaptation(0, 0.1, 1, stepBacks));
    }

    @Test
    void aRunThatDivergesStepsBackWithLowerRatesAndAResumedOneDoesTheSame() throws Exception {
        try (LanguageModel model = LanguageRuns.open("qwen2")) {
            CausalData data = LanguageRuns.data(model);
            TrainingConfig config = wild(5);
            List<String> straight;
            int back;
            try (TrainingSession<LanguageTuning> session = TrainingSession.start(model, data, config)) {
                List<TrainingStep> steps = steps(session);
                back = first(steps);
                TrainingStep notice = steps.get(back);
                assertThat(notice.notice()).contains("the loss diverged: back to the end of epoch");
                assertThat(notice.notice()).contains("0.1 of the recipe's");
                TrainingStep again = steps.get(back + 1);
                assertThat(again.step()).isLessThanOrEqualTo(notice.step() + 1);
                int epochStart = 0;
                while (steps.get(epochStart).step() != again.step()) {
                    epochStart++;
                }
                assertThat(again.loss())
                        .as("the same examples, dropout and weights")
                        .isEqualTo(steps.get(epochStart).loss());
                assertThat(again.learningRate())
                        .isCloseTo(0.1 * steps.get(epochStart).learningRate(), within(1e-9));
                straight = steps.stream().map(AdaptationTest::said).toList();
                session.finish().save(directory.resolve("straight"));
            }
            for (int brokenAt : new int[] {back, back + 1, back + 2}) {
                Path checkpoint = directory.resolve("checkpoint");
                try (TrainingSession<LanguageTuning> session = TrainingSession.start(model, data, config)) {
                    for (int i = 0; i < brokenAt; i++) {
                        session.step();
                    }
                    session.checkpoint(checkpoint);
                }
                try (TrainingSession<LanguageTuning> resumed =
                        TrainingSession.resume(model, data, config, checkpoint)) {
                    assertThat(steps(resumed).stream().map(AdaptationTest::said))
                            .containsExactlyElementsOf(straight.subList(brokenAt, straight.size()));
                    resumed.finish().save(directory.resolve("resumed at " + brokenAt));
                }
                LanguageRuns.assertSameFiles(
                        directory.resolve("straight"), directory.resolve("resumed at " + brokenAt));
            }
        }
    }

    private static int first(List<TrainingStep> steps) {
        int at = 0;
        while (steps.get(at).notice().isEmpty()) {
            at++;
        }
        return at;
    }

    /** All that does not depend on the clock. */
    private static String said(TrainingStep step) {
        return "%d of %d, epoch %d: %s at %s, %s %s"
                .formatted(
                        step.step(),
                        step.totalSteps(),
                        step.epoch(),
                        step.loss(),
                        step.learningRate(),
                        step.validationLoss(),
                        step.notice());
    }

    private static List<TrainingStep> steps(TrainingSession<?> session) {
        List<TrainingStep> steps = new ArrayList<>();
        while (!session.done()) {
            steps.add(session.step());
            assertThat(steps).as("it ends").hasSizeLessThan(1000);
        }
        return steps;
    }

    /** Rates a thousandth smaller at each step back are far too high as well. */
    @Test
    void aRunThatCannotBeMendedEndsAfterItsStepsBack() {
        try (LanguageModel model = LanguageRuns.open("qwen2")) {
            TrainingConfig config =
                    wild(3).withRetention(new Retention(0, 1e8)).withAdaptation(new Adaptation(0, 0.999, 1, 3));
            List<String> notices = new ArrayList<>();
            try (TrainingSession<LanguageTuning> session =
                    TrainingSession.start(model, LanguageRuns.data(model), config)) {
                assertThatThrownBy(() -> {
                            while (!session.done()) {
                                notices.add(session.step().notice());
                            }
                        })
                        .isInstanceOf(TrainingDivergedException.class)
                        .hasMessageContaining("lower the learning rate");
            }
            assertThat(notices.stream().filter(notice -> !notice.isEmpty())).hasSize(3);
        }
    }

    /** Weights that give no number, at the start of every epoch from the second on, are no place to go back to. */
    @Test
    void aStepBackNeverLeadsToWeightsWhoseLossIsOutOfBounds() {
        try (LanguageModel model = LanguageRuns.open("qwen2")) {
            TrainingConfig config = wild(5).withBatchSize(16).withWarmupRatio(0).withEpochs(12);
            try (TrainingSession<LanguageTuning> session =
                    TrainingSession.start(model, LanguageRuns.data(model), config)) {
                double first = session.step().loss();
                List<TrainingStep> steps = steps(session);
                for (int i = 0; i + 1 < steps.size(); i++) {
                    if (!steps.get(i).notice().isEmpty()) {
                        assertThat(steps.get(i + 1).loss()).isLessThan(2 * first + 0.5);
                    }
                }
                assertThat(steps.getLast().loss()).isLessThan(2 * first + 0.5);
                assertThat(steps.stream().map(TrainingStep::notice)).anyMatch(notice -> !notice.isEmpty());
            }
        }
    }

    @Test
    void withoutAdaptationARunThatRisesTakesItsCourse() {
        try (LanguageModel model = LanguageRuns.open("qwen2")) {
            TrainingConfig config = wild(3).withAdaptation(Adaptation.none());
            try (TrainingSession<LanguageTuning> session =
                    TrainingSession.start(model, LanguageRuns.data(model), config)) {
                assertThat(steps(session).stream().map(TrainingStep::notice)).containsOnly("");
            }
        }
    }

    @Test
    void badAdaptationsAreRefused() {
        assertThatThrownBy(() -> new Adaptation(1, 1, 1, 1)).hasMessageContaining("factor must be above 0 and below 1");
        assertThatThrownBy(() -> new Adaptation(1, 0.5, 0, 1)).hasMessageContaining("batchGrowth");
        assertThatThrownBy(() -> TrainingConfig.causal().withAdaptation(new Adaptation(2, 0.5, 1, 0)))
                .hasMessageContaining("a plateau of 2 epochs never comes where the run stops after 2");
        assertThatThrownBy(() -> new Adaptation(1, 0.5, 1, 101)).hasMessageContaining("stepBacks");
    }
}
