package dev.perennial.lora;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.lora.recipe.Adaptation;
import dev.perennial.lora.recipe.TrainingConfig;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class RunStateTest {
    private static final int STEPS = 5;
    private static final int EXAMPLES = 40;
    private static final TrainingConfig CONFIG =
            TrainingConfig.defaults().withBatchSize(8).withPatience(0);
    private static final Adaptation MENDING = new Adaptation(2, 0.5, 3, 2);

    private static RunState ended(RunState state, TrainingConfig config, Validation... results) {
        RunState next = state;
        for (Validation result : results) {
            next = next.epochEnded(STEPS, Optional.of(result), config, EXAMPLES);
        }
        return next;
    }

    private static RunState start() {
        return RunState.start(new Validation(0.5, 1));
    }

    private static RunState stale(TrainingConfig config, int epochs) {
        RunState state = start();
        for (int i = 0; i < epochs; i++) {
            state = ended(state, config, new Validation(0.4, 1));
        }
        return state;
    }

    @Test
    void theBestHasTheHigherAccuracyAndAmongEqualOnesTheLowerLoss() {
        RunState state = ended(start(), CONFIG, new Validation(0.6, 2));
        assertThat(state.best()).isEqualTo(new RunState.Best(1, 0.6, 2, 0));
        state = ended(state, CONFIG, new Validation(0.59, 0.1), new Validation(0.6, 2));
        assertThat(state.best()).isEqualTo(new RunState.Best(1, 0.6, 2, 2));
        state = ended(state, CONFIG, new Validation(0.6, 1.9));
        assertThat(state.best()).isEqualTo(new RunState.Best(4, 0.6, 1.9, 0));
    }

    @Test
    void whereThereIsNoAccuracyTheLowerLossIsTheBest() {
        RunState state = RunState.start(new Validation(Double.NaN, 1));
        assertThat(ended(state, CONFIG, new Validation(Double.NaN, 0.9)).best().epoch())
                .isEqualTo(1);
        assertThat(ended(state, CONFIG, new Validation(Double.NaN, 1)).best().stale())
                .isEqualTo(1);
        assertThat(ended(state, CONFIG, new Validation(Double.NaN, Double.NaN))
                        .best()
                        .stale())
                .isEqualTo(1);
    }

    @Test
    void withoutValidationTheLastEpochIsTheBestAndNothingStopsOrSlowsTheRun() {
        TrainingConfig config =
                CONFIG.withAdaptation(new Adaptation(1, 0.5, 2, 0)).withPatience(2);
        RunState state = RunState.start(Validation.NONE);
        for (int epoch = 1; epoch <= 4; epoch++) {
            state = state.epochEnded(STEPS, Optional.empty(), config, EXAMPLES);
            assertThat(state.summary(false).bestEpoch()).isEqualTo(epoch);
        }
        assertThat(state.stopped()).isFalse();
        assertThat(state.pace()).isEqualTo(start().pace());
    }

    @Test
    void aRunStopsWhenItsPatienceIsAtItsEnd() {
        TrainingConfig config = CONFIG.withPatience(2);
        assertThat(stale(config, 1).stopped()).isFalse();
        assertThat(stale(config, 2).stopped()).isTrue();
        assertThat(ended(stale(config, 1), config, new Validation(0.6, 1), new Validation(0.6, 1))
                        .stopped())
                .as("a better epoch begins the count anew")
                .isFalse();
        assertThat(stale(CONFIG, 100).stopped()).isFalse();
    }

    @Test
    void onAPlateauTheRatesFallAndTheBatchGrowsUpToTheExamplesThereAre() {
        TrainingConfig config = CONFIG.withAdaptation(MENDING);
        assertThat(stale(config, 1).pace()).isEqualTo(new RunState.Pace(1, 1, 0));
        assertThat(stale(config, 2).pace()).isEqualTo(new RunState.Pace(0.5, 3, 0));
        assertThat(stale(config, 3).pace()).isEqualTo(new RunState.Pace(0.5, 3, 0));
        assertThat(stale(config, 4).pace()).isEqualTo(new RunState.Pace(0.25, 5, 0));
        assertThat(stale(config, 6).pace()).isEqualTo(new RunState.Pace(0.125, 5, 0));
        assertThat(stale(config.withBatchSize(64), 2).pace()).isEqualTo(new RunState.Pace(0.5, 1, 0));
        assertThat(stale(CONFIG, 100).pace()).isEqualTo(new RunState.Pace(1, 1, 0));
    }

    @Test
    void aRunThatStopsDoesNotSlowDownAsWell() {
        TrainingConfig config = CONFIG.withPatience(4).withAdaptation(new Adaptation(2, 0.5, 1, 0));
        assertThat(stale(config, 4).stopped()).isTrue();
        assertThat(stale(config, 4).pace()).isEqualTo(stale(config, 2).pace());
    }

    private static RunState after(double... losses) {
        RunState state = start();
        for (double loss : losses) {
            state = state.stepped(state.progress().position() + 1, loss, 8, 100, 0.5);
        }
        return state;
    }

    @Test
    void aLossThatIsNoNumberIsADivergenceOfEveryRun() {
        for (double loss : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            assertThat(after(1, loss).diverged(loss, Adaptation.none())).isTrue();
            assertThat(after(1, loss).diverged(loss, MENDING)).isTrue();
        }
    }

    @Test
    void aRisingLossIsADivergenceOfARunThatCanStepBackAndASingleOneIsNot() {
        double[] rising = new double[40];
        for (int i = 0; i < rising.length; i++) {
            rising[i] = 1 + i;
        }
        assertThat(after(rising).diverged(40, MENDING)).isTrue();
        assertThat(after(rising).diverged(40, Adaptation.none())).isFalse();
        assertThat(after(1, 1, 20, 1).diverged(1, MENDING)).isFalse();
    }

    @Test
    void weightsAreWorthGoingBackToWhileTheirLossIsWithinTwiceTheLeastAndHalfANat() {
        RunState.Losses losses = after(1, 1).losses();
        assertThat(losses.sound(2.5)).isTrue();
        assertThat(losses.sound(2.51)).isFalse();
        assertThat(losses.sound(Double.NaN)).isFalse();
    }

    @Test
    void everyStepBackLowersTheRatesUntilNoneIsLeft() {
        RunState.Pace pace = new RunState.Pace(1, 3, 0);
        RunState.Pace once = pace.steppedBack(MENDING).orElseThrow();
        assertThat(once).isEqualTo(new RunState.Pace(0.5, 3, 1));
        RunState.Pace twice = once.steppedBack(MENDING).orElseThrow();
        assertThat(twice).isEqualTo(new RunState.Pace(0.25, 3, 2));
        assertThat(twice.steppedBack(MENDING)).isEmpty();
        assertThat(pace.steppedBack(Adaptation.none())).isEmpty();
    }

    @Test
    void stepsAndEpochsAreCounted() {
        RunState state = after(3, 1);
        assertThat(state.progress()).isEqualTo(new RunState.Progress(2, 0, 2, 2, 200, 1));
        RunState ended = ended(state, CONFIG, new Validation(0.6, 1));
        assertThat(ended.progress()).isEqualTo(new RunState.Progress(2, 1, 0, STEPS, 200, 1));
        assertThat(ended.losses().lastEpoch()).isEqualTo(2);
        assertThat(ended.losses().epochSamples()).isZero();
    }

    @Test
    void theSummaryHasTheValidationThatThereIs() {
        RunState state = ended(after(3, 1), CONFIG, new Validation(0.6, 0.5));
        assertThat(state.summary(true))
                .isEqualTo(new TrainingSummary(1, 1, OptionalDouble.of(0.6), OptionalDouble.of(0.5), 2, 200, 1, false));
        assertThat(state.summary(false).bestValidationAccuracy()).isEmpty();
        assertThat(state.summary(false).bestValidationLoss()).isEmpty();
        TrainingSummary ofText = RunState.start(new Validation(Double.NaN, 3)).summary(true);
        assertThat(ofText.bestValidationAccuracy()).isEmpty();
        assertThat(ofText.bestValidationLoss()).hasValue(3);
    }

    /** Of a checkpoint; one that was written by an earlier version is gone on with. */
    @Test
    void itsTextStaysWhatItIs() {
        RunState state = new RunState(
                new RunState.Progress(7, 1, 2, 7.5, 900, 0.25),
                new RunState.Losses(1.5, 16, 2.25, 1.125, 1),
                new RunState.Best(1, 0.75, 1.5, 0),
                new RunState.Pace(0.5, 3, 1),
                false);
        String text = """
                {"progress":{"step":7,"epoch":1,"batch":2,"position":7.5,"tokens":900,"seconds":0.25},\
                "losses":{"epochSum":1.5,"epochSamples":16,"lastEpoch":2.25,"smoothed":1.125,"least":1.0},\
                "best":{"epoch":1,"accuracy":0.75,"loss":1.5,"stale":0},\
                "pace":{"rates":0.5,"batches":3,"stepBacks":1},"stopped":false}""";
        assertThat(state.text()).isEqualTo(text);
        assertThat(RunState.of(text)).isEqualTo(state);
    }
}
