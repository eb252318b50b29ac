package dev.perennial.registry.rollout;

import java.util.Locale;

/**
 * Compares a canary with the stable version. Pure; meant to be asked after every piece of evidence.
 *
 * <p>A canary that is not worse is called failed with a probability of at most {@link #QUALITY_RISK} + {@link
 * #HEALTH_RISK} over the whole rollout, see {@link SequentialTest}. Success is a weaker statement on purpose: enough
 * evidence at this step, and the canary's rate not more than one standard error below the stable one's. What is worse by
 * less than the evidence can show gets further, meets more evidence there and can fail at any later moment.
 */
final class Analysis {
    /** Chance that a canary as good as the stable version is ever called failed for its answers. */
    static final double QUALITY_RISK = 0.04;

    /** The same for failures and slow answers. */
    static final double HEALTH_RISK = 0.01;

    private Analysis() {}

    /**
     * The verdict on the evidence so far.
     *
     * @param minFeedbacks feedbacks the canary needs at the step before it may advance
     * @param windowEnded whether the step's window is over
     */
    static Verdict judge(Evidence evidence, int minFeedbacks, boolean windowEnded) {
        Arm canary = evidence.canary();
        Arm stable = evidence.stable();
        if (lower(
                canary.requests() - canary.unhealthy(),
                canary.requests(),
                stable.requests() - stable.unhealthy(),
                stable.requests(),
                HEALTH_RISK)) {
            return new Verdict.Failed(Cause.HEALTH, health(canary, stable));
        }
        if (lower(canary.correct(), canary.feedbacks(), stable.correct(), stable.feedbacks(), QUALITY_RISK)) {
            return new Verdict.Failed(Cause.QUALITY, quality(canary, stable));
        }
        boolean enough = evidence.canaryFeedbacksAtStep() >= minFeedbacks;
        if (enough && standardErrorsAbove(canary, stable) >= -1) {
            return new Verdict.Successful(quality(canary, stable));
        }
        if (!windowEnded) {
            return new Verdict.Running();
        }
        return new Verdict.Inconclusive(
                enough
                        ? "the window ended while the canary looked worse, not clearly: " + quality(canary, stable)
                        : "the window ended with %d of %d feedbacks on the canary"
                                .formatted(evidence.canaryFeedbacksAtStep(), minFeedbacks));
    }

    private static boolean lower(long successes, long trials, long otherSuccesses, long otherTrials, double risk) {
        return SequentialTest.logEvidenceOfLower(successes, trials, otherSuccesses, otherTrials) >= -Math.log(risk);
    }

    /** Of the difference of the rates, each with one success and one failure added (Agresti and Caffo, 2000). */
    private static double standardErrorsAbove(Arm canary, Arm stable) {
        double n = canary.feedbacks() + 2.0;
        double m = stable.feedbacks() + 2.0;
        double p = (canary.correct() + 1) / n;
        double q = (stable.correct() + 1) / m;
        return (p - q) / Math.sqrt(p * (1 - p) / n + q * (1 - q) / m);
    }

    private static String quality(Arm canary, Arm stable) {
        return "canary correct in %d of %d, stable in %d of %d"
                .formatted(canary.correct(), canary.feedbacks(), stable.correct(), stable.feedbacks());
    }

    private static String health(Arm canary, Arm stable) {
        return String.format(
                Locale.ROOT,
                "canary failed or was slow in %d of %d requests, stable in %d of %d",
                canary.unhealthy(),
                canary.requests(),
                stable.unhealthy(),
                stable.requests());
    }
}
