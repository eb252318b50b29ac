package dev.perennial.lora;

import dev.perennial.lora.recipe.RateDecay;

/**
 * Linear warm-up from zero, then decay to zero.
 *
 * <p>Different from transformers' schedules with warm-up: there the first step has the rate zero and moves nothing; here
 * the warm-up is one step ahead. The decay is theirs.
 */
record RateSchedule(RateDecay decay, int warmupSteps, int totalSteps) {
    static RateSchedule of(RateDecay decay, double warmupRatio, int totalSteps) {
        return new RateSchedule(decay, (int) Math.ceil(warmupRatio * totalSteps), totalSteps);
    }

    /** Share of the peak rate at a step counted from 1; between two steps if a batch counts for several. */
    double factor(double step) {
        if (step <= warmupSteps) {
            return step / warmupSteps;
        }
        double progress = (step - 1 - warmupSteps) / (double) (totalSteps - warmupSteps);
        return switch (decay) {
            case LINEAR -> 1 - progress;
            case COSINE -> (1 + Math.cos(Math.PI * progress)) / 2;
        };
    }
}
