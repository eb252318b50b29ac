package dev.perennial.registry.rollout;

import java.time.Instant;

/**
 * A piece of evidence on a version.
 *
 * @param servedAt when the version was asked; what it did before a rollout began says nothing in that rollout
 */
public record Observation(String model, int version, Instant servedAt, Arm counts) {
    boolean telling() {
        return counts.feedbacks() > 0 || counts.unhealthy() > 0;
    }

    boolean concerns(Rollout.Subject subject) {
        return (version == subject.version() || version == subject.stable()) && !servedAt.isBefore(subject.started());
    }
}
