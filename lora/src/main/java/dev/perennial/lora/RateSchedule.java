package dev.perennial.lora;

/** Linear warm-up from zero, then linear decay to zero. */
record RateSchedule(int warmupSteps, int totalSteps) {
    static RateSchedule of(double warmupRatio, int totalSteps) {
        return new RateSchedule((int) Math.ceil(warmupRatio * totalSteps), totalSteps);
    }

    /** Share of the peak rate at a step counted from 1. */
    double factor(int step) {
        if (step <= warmupSteps) {
            return step / (double) warmupSteps;
        }
        return (totalSteps - step + 1) / (double) (totalSteps - warmupSteps);
    }
}
