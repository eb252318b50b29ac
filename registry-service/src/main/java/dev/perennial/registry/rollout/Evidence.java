package dev.perennial.registry.rollout;

/**
 * What traffic has shown since a rollout began.
 *
 * @param canaryFeedbacksAtStep feedbacks on the canary since the current step began
 */
public record Evidence(Arm stable, Arm canary, long canaryFeedbacksAtStep) {
    public static final Evidence NONE = new Evidence(Arm.NOTHING, Arm.NOTHING, 0);
}
