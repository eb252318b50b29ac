package dev.perennial.lora;

import java.util.SortedMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where a run stands, apart from its arrays.
 *
 * @param step steps done
 * @param epochLoss sum of the running epoch's losses per sample, times the samples
 * @param finalLoss mean of the last whole epoch
 * @param bestEpoch whose weights are the best so far; 0 is the start
 * @param stale epochs since then
 */
record RunState(
        int step,
        double epochLoss,
        double finalLoss,
        int bestEpoch,
        double bestAccuracy,
        double bestLoss,
        int stale,
        boolean stopped,
        long tokens,
        double seconds) {
    private static final String KEY = "state";

    static RunState start(Validation validation) {
        return new RunState(0, 0, 0, 0, validation.accuracy(), validation.loss(), 0, false, 0, 0);
    }

    RunState stepped(double loss, int samples, long newTokens, double newSeconds) {
        return new RunState(
                step + 1,
                epochLoss + loss * samples,
                finalLoss,
                bestEpoch,
                bestAccuracy,
                bestLoss,
                stale,
                stopped,
                tokens + newTokens,
                seconds + newSeconds);
    }

    RunState epochEnded(int samples) {
        return new RunState(
                step, 0, epochLoss / samples, bestEpoch, bestAccuracy, bestLoss, stale, stopped, tokens, seconds);
    }

    boolean isBeatenBy(Validation validation) {
        return validation.accuracy() > bestAccuracy
                || (validation.accuracy() == bestAccuracy && validation.loss() < bestLoss);
    }

    RunState better(int epoch, Validation validation) {
        return new RunState(
                step,
                epochLoss,
                finalLoss,
                epoch,
                validation.accuracy(),
                validation.loss(),
                0,
                stopped,
                tokens,
                seconds);
    }

    RunState notBetter(int patience) {
        boolean stop = patience > 0 && stale + 1 >= patience;
        return new RunState(
                step, epochLoss, finalLoss, bestEpoch, bestAccuracy, bestLoss, stale + 1, stop, tokens, seconds);
    }

    void writeTo(SortedMap<String, String> metadata) {
        metadata.put(KEY, JsonMapper.shared().writeValueAsString(this));
    }

    static RunState readFrom(SortedMap<String, String> metadata) {
        return JsonMapper.shared().readValue(metadata.getOrDefault(KEY, "{}"), RunState.class);
    }
}
