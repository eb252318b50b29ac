package dev.perennial.registry.rollout;

/** What an analysis finds, in Argo Rollouts' words. */
sealed interface Verdict {
    /** The evidence does not decide yet. */
    record Running() implements Verdict {}

    /** The canary may have more traffic. */
    record Successful(String reason) implements Verdict {}

    /** The canary is worse than the stable version. */
    record Failed(Cause cause, String reason) implements Verdict {}

    /** The window ended without a decision. */
    record Inconclusive(String reason) implements Verdict {}
}
