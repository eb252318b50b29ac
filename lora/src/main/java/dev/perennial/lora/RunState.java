package dev.perennial.lora;

import java.util.Objects;
import java.util.SortedMap;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** Where a run stands, apart from its arrays. */
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
        boolean isBeatenBy(Validation validation) {
            if (Double.isNaN(validation.accuracy()) || validation.accuracy() == accuracy) {
                return validation.loss() < loss;
            }
            return validation.accuracy() > accuracy;
        }

        Best notBeaten() {
            return new Best(epoch, accuracy, loss, stale + 1);
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
    }

    static RunState start(Validation validation) {
        return new RunState(
                new Progress(0, 0, 0, 0, 0, 0),
                new Losses(0, 0, 0, 0, 0),
                new Best(0, validation.accuracy(), validation.loss(), 0),
                new Pace(1, 1, 0),
                false);
    }

    RunState with(Progress value) {
        return new RunState(value, losses, best, pace, stopped);
    }

    RunState with(Losses value) {
        return new RunState(progress, value, best, pace, stopped);
    }

    RunState with(Best value) {
        return new RunState(progress, losses, value, pace, stopped);
    }

    RunState with(Pace value) {
        return new RunState(progress, losses, best, value, stopped);
    }

    RunState stop() {
        return new RunState(progress, losses, best, pace, true);
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
