package dev.perennial.registry.rollout;

import dev.perennial.common.event.Stage;
import dev.perennial.common.problem.ProblemException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes traffic back by command. Pure. */
final class Rollback {
    private Rollback() {}

    /**
     * Without a wanted version: the canary if there is one, else the live version is replaced by the one that was live
     * before it and was never rolled back. A wanted version must have been live once.
     */
    static List<Decision> decide(Lineup lineup, @Nullable Integer wanted, String reason, Instant now) {
        List<Decision> decisions = new ArrayList<>();
        Rollout.Active rollout = lineup.rollout();
        if (rollout != null && wanted != null && wanted == rollout.subject().version()) {
            throw ProblemException.conflict(
                    "version-is-canary", "Version " + wanted + " is the canary; promote it to give it all traffic.");
        }
        if (rollout != null) {
            decisions.add(Decision.of(rollout.rollBack(Cause.COMMAND, reason, now), reason, null));
            if (wanted == null || wanted == rollout.subject().stable()) {
                return decisions;
            }
        }
        Lineup.Member live = lineup.live()
                .orElseThrow(() -> ProblemException.conflict(
                        "nothing-live", "No version of '" + lineup.model() + "' is live; nothing was changed."));
        Lineup.Member target = wanted == null ? previous(lineup) : named(lineup, wanted);
        decisions.add(Decision.replaced(
                live.version(), target.version(), "back to version " + target.version() + ": " + reason));
        return decisions;
    }

    /** What a rollback without a wanted version would give the traffic to. */
    private static Lineup.Member previous(Lineup lineup) {
        return lineup.members().stream()
                .filter(member -> member.stage() == Stage.RETIRED && member.liveSince() != null)
                .max(Comparator.comparing(Lineup.Member::liveSince, Comparator.nullsFirst(Comparator.naturalOrder())))
                .orElseThrow(() -> ProblemException.conflict(
                        "no-previous-version",
                        "No earlier version of '" + lineup.model()
                                + "' can take over: there is none, or each was rolled back itself. Nothing was changed;"
                                + " name a toVersion that was live once to go back to it all the same."));
    }

    private static Lineup.Member named(Lineup lineup, int wanted) {
        Lineup.Member member = lineup.member(wanted)
                .orElseThrow(() -> ProblemException.notFound(
                        "version-unknown", "Model '" + lineup.model() + "' has no version " + wanted + "."));
        if (member.stage() == Stage.LIVE) {
            throw ProblemException.conflict("already-live", "Version " + wanted + " is live already.");
        }
        if (member.liveSince() == null) {
            throw ProblemException.conflict(
                    "never-live",
                    "Version " + wanted + " has never been live; it has to earn its traffic in a canary.");
        }
        return member;
    }
}
