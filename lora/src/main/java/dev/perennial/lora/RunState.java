package dev.perennial.lora;

import dev.perennial.lora.recipe.Adaptation;
import dev.perennial.lora.recipe.Schedule;
import dev.perennial.lora.recipe.TrainingConfig;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** Where a run stands, apart from its arrays, and what it decides from there. */
record RunState(Progress progress, Losses losses, Best best, Pace pace, boolean stopped) {
    private static final String KEY = "state";

    /** A checkpoint may lack any part, or be that of no run. */
    RunState {
        boolean whole = Stream.of(progress, losses, best, pace).noneMatch(Objects::isNull);
        if (!whole || !progress.possible() || !pace.possible()) {
            throw new IllegalArgumentException("no run was ever at such a point");
        }
    }

    /**
     * How far it is.
     *
     * @param step optimiser steps done
     * @param epoch the running one, counted from 0
     * @param batch steps done in it
     * @param position where the schedule stands, in steps of the recipe's own batch size
     * @param tokens real ones, trained on
     */
    record Progress(int step, int epoch, int batch, double position, long tokens, double seconds) {
        boolean possible() {
            return step >= 0 && epoch >= 0 && batch >= 0 && position >= 0 && tokens >= 0;
        }
    }

    /**
     * What the losses were.
     *
     * @param epochSum of the running epoch's losses per sample, times the samples
     * @param lastEpoch mean of the last whole epoch
     * @param smoothed running mean
     * @param least least running mean
     */
    record Losses(double epochSum, long epochSamples, double lastEpoch, double smoothed, double least) {
        private static final double SMOOTHING = 0.95;

        Losses with(double loss, int samples, boolean first) {
            double mean = first ? loss : SMOOTHING * smoothed + (1 - SMOOTHING) * loss;
            return new Losses(
                    epochSum + loss * samples,
                    epochSamples + samples,
                    lastEpoch,
                    mean,
                    first ? mean : Math.min(least, mean));
        }

        Losses epochEnded() {
            return new Losses(0, 0, epochSum / epochSamples, smoothed, least);
        }

        /** Whether weights that gave this loss are worth going back to. */
        boolean sound(double loss) {
            return loss <= 2 * least + 0.5;
        }

        /** A running mean of twice its least, and half a nat above it: noise of single steps does not do that. */
        boolean diverged() {
            return !(smoothed <= 2 * least + 0.5);
        }
    }

    /**
     * The best validation so far.
     *
     * @param epoch whose weights are the best; 0 is the start
     * @param stale epochs since then
     */
    record Best(int epoch, double accuracy, double loss, int stale) {
        /** After an epoch with this result. */
        Best after(int ended, Validation result) {
            return isBeatenBy(result)
                    ? new Best(ended, result.accuracy(), result.loss(), 0)
                    : new Best(epoch, accuracy, loss, stale + 1);
        }

        boolean stops(Schedule schedule) {
            return schedule.patience() > 0 && stale >= schedule.patience();
        }

        boolean quietens(Adaptation adaptation) {
            return adaptation.plateau() > 0 && stale > 0 && stale % adaptation.plateau() == 0;
        }

        private boolean isBeatenBy(Validation result) {
            if (Double.isNaN(result.accuracy()) || result.accuracy() == accuracy) {
                return result.loss() < loss;
            }
            return result.accuracy() > accuracy;
        }
    }

    /**
     * What the run changed of its recipe.
     *
     * @param rates share of the recipe's rates
     * @param batches the recipe's batch size is multiplied with
     */
    record Pace(double rates, int batches, int stepBacks) {
        boolean possible() {
            return rates > 0 && batches > 0 && stepBacks >= 0;
        }

        /** Lower rates and larger batches, but none larger than {@code most} of the recipe's. */
        Pace quieter(Adaptation adaptation, int most) {
            int grown = Math.min(batches * adaptation.batchGrowth(), most);
            return new Pace(rates * adaptation.factor(), grown, stepBacks);
        }

        /** Lower rates after a step back; empty if the recipe has none left. */
        Optional<Pace> steppedBack(Adaptation adaptation) {
            return stepBacks < adaptation.stepBacks()
                    ? Optional.of(new Pace(rates * adaptation.factor(), batches, stepBacks + 1))
                    : Optional.empty();
        }
    }

    static RunState start(Validation validation) {
        return new RunState(
                new Progress(0, 0, 0, 0, 0, 0),
                new Losses(0, 0, 0, 0, 0),
                new Best(0, validation.accuracy(), validation.loss(), 0),
                new Pace(1, 1, 0),
                false);
    }

    /**
     * After a step.
     *
     * @param position where the schedule stands now
     * @param loss mean of its examples
     */
    RunState stepped(double position, double loss, int examples, long tokens, double seconds) {
        return new RunState(
                new Progress(
                        progress.step + 1,
                        progress.epoch,
                        progress.batch + 1,
                        position,
                        progress.tokens + tokens,
                        progress.seconds + seconds),
                losses.with(loss, examples, progress.step == 0),
                best,
                pace,
                stopped);
    }

    /** Whether the run cannot go on from its last loss. Without steps back a loss may rise as long as it is a number. */
    boolean diverged(double loss, Adaptation adaptation) {
        return !Double.isFinite(loss) || (adaptation.stepBacks() > 0 && losses.diverged());
    }

    /**
     * At the end of an epoch. What beats the best takes its place; with nothing better for long enough the run stops or
     * quietens its pace, as its recipe says. Without a validation nothing does.
     *
     * @param steps of an epoch in the recipe's own batch size
     * @param examples to learn from: no batch is larger
     */
    RunState epochEnded(int steps, Optional<Validation> validation, TrainingConfig config, int examples) {
        int ended = progress.epoch + 1;
        Best next = validation.map(result -> best.after(ended, result)).orElse(best);
        boolean stops = next.stops(config.schedule());
        boolean quietens = !stops && next.quietens(config.adaptation());
        int most = Math.max(1, examples / config.schedule().batchSize());
        return new RunState(
                new Progress(progress.step, ended, 0, (double) ended * steps, progress.tokens, progress.seconds),
                losses.epochEnded(),
                next,
                quietens ? pace.quieter(config.adaptation(), most) : pace,
                stops);
    }

    /** The same place at another pace. */
    RunState at(Pace value) {
        return new RunState(progress, losses, best, value, stopped);
    }

    /** The same place, knowing of better weights: they stay the best wherever the run steps back to. */
    RunState withBest(Best value) {
        return new RunState(progress, losses, value, pace, stopped);
    }

    /** @param validated whether there is a validation split */
    TrainingSummary summary(boolean validated) {
        Optional<Validation> found =
                validated ? Optional.of(new Validation(best.accuracy, best.loss)) : Optional.empty();
        return new TrainingSummary(
                progress.epoch,
                validated ? best.epoch : progress.epoch,
                Validation.accuracy(found),
                Validation.loss(found),
                losses.lastEpoch,
                progress.tokens,
                progress.seconds,
                stopped);
    }

    String text() {
        return JsonMapper.shared().writeValueAsString(this);
    }

    void writeTo(SortedMap<String, String> metadata) {
        metadata.put(KEY, text());
    }

    static RunState of(String text) {
        return JsonMapper.shared().readValue(text, RunState.class);
    }

    static RunState readFrom(SortedMap<String, String> metadata) {
        return of(metadata.getOrDefault(KEY, "{}"));
    }
}
