package dev.perennial.registry.rollout;

import dev.perennial.common.event.Stage;
import dev.perennial.registry.model.ChangeKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of a model's traffic, to be applied as a whole.
 *
 * @param version the version that the time line names
 * @param evidence what led to it
 * @param shares versions whose stage or share changes; those that lose theirs come first
 * @param rollout its state afterwards, or null when no rollout changes
 * @param lost why a version was rolled back, if one was
 */
record Decision(
        ChangeKind kind,
        int version,
        String reason,
        @Nullable Evidence evidence,
        List<Share> shares,
        @Nullable Rollout rollout,
        @Nullable Cause lost) {
    Decision {
        shares = List.copyOf(shares);
    }

    /** What a state of a rollout means for the traffic. */
    static Decision of(Rollout rollout, String reason, @Nullable Evidence evidence) {
        Rollout.Subject subject = rollout.subject();
        int version = subject.version();
        return switch (rollout) {
            case Rollout.Canary canary ->
                new Decision(
                        ChangeKind.CANARY,
                        version,
                        reason,
                        evidence,
                        List.of(
                                new Share(subject.stable(), Stage.LIVE, 100 - canary.percent()),
                                new Share(version, Stage.CANARY, canary.percent())),
                        rollout,
                        null);
            case Rollout.Paused _ ->
                new Decision(ChangeKind.PAUSED, version, reason, evidence, List.of(), rollout, null);
            case Rollout.Succeeded _ ->
                new Decision(
                        ChangeKind.LIVE,
                        version,
                        reason,
                        evidence,
                        List.of(new Share(subject.stable(), Stage.RETIRED, 0), new Share(version, Stage.LIVE, 100)),
                        rollout,
                        null);
            case Rollout.RolledBack back -> taken(ChangeKind.ROLLED_BACK, back, reason, evidence, back.cause());
            case Rollout.Aborted aborted -> taken(ChangeKind.ABORTED, aborted, reason, evidence, null);
        };
    }

    private static Decision taken(
            ChangeKind kind, Rollout.Ended ended, String reason, @Nullable Evidence evidence, @Nullable Cause cause) {
        Rollout.Subject subject = ended.subject();
        return new Decision(
                kind,
                subject.version(),
                reason,
                evidence,
                List.of(
                        new Share(subject.version(), Stage.ROLLED_BACK, 0),
                        new Share(subject.stable(), Stage.LIVE, 100)),
                ended,
                cause);
    }

    static Decision resumed(Rollout.Canary canary, String reason) {
        return new Decision(ChangeKind.RESUMED, canary.subject().version(), reason, null, List.of(), canary, null);
    }

    /** The first version of a model needs no canary: there is nothing to compare it with. */
    static Decision first(int version) {
        return new Decision(
                ChangeKind.LIVE,
                version,
                "the first version",
                null,
                List.of(new Share(version, Stage.LIVE, 100)),
                null,
                null);
    }

    static Decision superseded(int version, int by) {
        return new Decision(
                ChangeKind.SUPERSEDED,
                version,
                "overtaken by version " + by + " while it waited",
                null,
                List.of(),
                null,
                null);
    }

    /** The live version is taken back, without a rollout. */
    static Decision replaced(int live, int target, String reason) {
        return new Decision(
                ChangeKind.ROLLED_BACK,
                live,
                reason,
                null,
                List.of(new Share(live, Stage.ROLLED_BACK, 0), new Share(target, Stage.LIVE, 100)),
                null,
                Cause.COMMAND);
    }
}
