package dev.perennial.registry.rollout;

import dev.perennial.common.event.Stage;
import dev.perennial.common.problem.ProblemException;
import dev.perennial.common.spec.RolloutSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What happens to a model's traffic, and when. Pure: takes a lineup and gives decisions, in order. */
final class Lifecycle {
    private Lifecycle() {}

    /** Starts the newest waiting candidate if nothing stands in its way. Asked again after every change. */
    static List<Decision> next(Lineup lineup, RolloutSpec plan, Instant now) {
        Optional<Lineup.Member> waiting = lineup.members().stream()
                .filter(member -> member.stage() == Stage.CANDIDATE && member.version() > lineup.newestTried())
                .max(Comparator.comparingInt(Lineup.Member::version));
        if (waiting.isEmpty()) {
            return List.of();
        }
        int version = waiting.get().version();
        if (lineup.rollout() instanceof Rollout.Paused paused && paused.by() == Rollout.PausedBy.INCONCLUSIVE) {
            String reason = "version " + version + " takes its place";
            return List.of(Decision.of(paused.abort(reason, now), reason, null));
        }
        if (lineup.rollout() != null) {
            return List.of();
        }
        List<Decision> decisions = new ArrayList<>(overtaken(lineup, version));
        decisions.add(start(lineup, version, plan, "the newest candidate", now));
        return decisions;
    }

    private static List<Decision> overtaken(Lineup lineup, int by) {
        return lineup.members().stream()
                .filter(member -> member.stage() == Stage.CANDIDATE
                        && member.version() > lineup.newestTried()
                        && member.version() < by)
                .map(member -> Decision.superseded(member.version(), by))
                .toList();
    }

    private static Decision start(Lineup lineup, int version, RolloutSpec plan, String reason, Instant now) {
        return lineup.live()
                .map(live -> Decision.of(
                        Rollout.begin(new Rollout.Subject(lineup.model(), version, live.version(), plan, now), reason),
                        reason,
                        null))
                .orElseGet(() -> Decision.first(version));
    }

    /** What the evidence, or the end of a window, does to the rollout. */
    static List<Decision> judge(Lineup lineup, Evidence evidence, Instant now) {
        return switch (lineup.rollout()) {
            case Rollout.Canary canary -> judge(canary, evidence, now);
            case Rollout.Paused paused -> judge(paused, evidence, now);
            case null -> List.of();
        };
    }

    private static List<Decision> judge(Rollout.Canary canary, Evidence evidence, Instant now) {
        int minimum = canary.subject().plan().minRequests();
        return switch (Analysis.judge(evidence, minimum, canary.windowEnded(now))) {
            case Verdict.Running() -> List.of();
            case Verdict.Successful(String reason) ->
                List.of(Decision.of(canary.advance(reason, now), reason, evidence));
            case Verdict.Failed(Cause cause, String reason) ->
                List.of(Decision.of(canary.rollBack(cause, reason, now), reason, evidence));
            case Verdict.Inconclusive(String reason) ->
                List.of(Decision.of(inconclusive(canary, reason, now), reason, evidence));
        };
    }

    private static Rollout inconclusive(Rollout.Canary canary, String reason, Instant now) {
        return switch (canary.subject().plan().onInconclusive()) {
            case PAUSE -> canary.pause(Rollout.PausedBy.INCONCLUSIVE, reason);
            case ADVANCE -> canary.advance(reason, now);
            case ROLL_BACK -> canary.rollBack(Cause.INCONCLUSIVE, reason, now);
        };
    }

    private static List<Decision> judge(Rollout.Paused paused, Evidence evidence, Instant now) {
        return Analysis.judge(evidence, Integer.MAX_VALUE, false) instanceof Verdict.Failed(Cause cause, String reason)
                ? List.of(Decision.of(paused.rollBack(cause, reason, now), reason, evidence))
                : List.of();
    }

    static List<Decision> pause(Lineup lineup, String reason) {
        if (active(lineup) instanceof Rollout.Canary canary) {
            return List.of(Decision.of(canary.pause(Rollout.PausedBy.COMMAND, reason), reason, null));
        }
        throw ProblemException.conflict("rollout-paused", "The rollout is paused already; resume or abort it.");
    }

    static List<Decision> resume(Lineup lineup, String reason, Instant now) {
        if (active(lineup) instanceof Rollout.Paused paused) {
            return List.of(Decision.resumed(paused.resume(now), reason));
        }
        throw ProblemException.conflict("rollout-not-paused", "The rollout is not paused; there is nothing to resume.");
    }

    static List<Decision> promote(Lineup lineup, String reason, Instant now) {
        return List.of(Decision.of(active(lineup).promote(reason, now), reason, null));
    }

    static List<Decision> abort(Lineup lineup, String reason, Instant now) {
        return List.of(Decision.of(active(lineup).abort(reason, now), reason, null));
    }

    /** Takes back a canary that cannot do its work at all. Another version's rollout is left alone. */
    static List<Decision> unloadable(Lineup lineup, int version, String reason, Instant now) {
        Rollout.Active rollout = lineup.rollout();
        return rollout == null || rollout.subject().version() != version
                ? List.of()
                : List.of(Decision.of(rollout.rollBack(Cause.UNLOADABLE, reason, now), reason, null));
    }

    /** Sends a version that lost its traffic, or was overtaken, through the canary once more. */
    static List<Decision> retry(Lineup lineup, @Nullable Integer wanted, RolloutSpec plan, String reason, Instant now) {
        if (lineup.rollout() != null) {
            throw ProblemException.conflict(
                    "rollout-active",
                    "Version " + lineup.rollout().subject().version() + " is in its canary; abort that first.");
        }
        Lineup.Member version = lineup.members().stream()
                .filter(member -> wanted == null ? member.stage() == Stage.ROLLED_BACK : member.version() == wanted)
                .max(Comparator.comparingInt(Lineup.Member::version))
                .orElseThrow(() -> ProblemException.conflict(
                        "nothing-to-retry", "No version was rolled back or aborted; there is nothing to retry."));
        if (version.stage() != Stage.ROLLED_BACK && version.stage() != Stage.CANDIDATE) {
            throw ProblemException.conflict(
                    "not-retriable",
                    "Version " + version.version() + " is " + version.stage()
                            + "; only one that was rolled back, aborted or overtaken can be retried.");
        }
        return List.of(start(lineup, version.version(), plan, reason, now));
    }

    private static Rollout.Active active(Lineup lineup) {
        Rollout.Active rollout = lineup.rollout();
        if (rollout == null) {
            throw ProblemException.conflict(
                    "no-rollout", "No rollout of '" + lineup.model() + "' is in progress; nothing was changed.");
        }
        return rollout;
    }
}
