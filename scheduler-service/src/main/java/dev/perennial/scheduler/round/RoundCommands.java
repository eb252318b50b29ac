package dev.perennial.scheduler.round;

import dev.perennial.common.problem.ProblemException;
import dev.perennial.common.spec.ModelSpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a commanded round generates. */
final class RoundCommands {
    private RoundCommands() {}

    /** Samples per label; empty for a round that generates nothing. */
    static Map<String, Integer> wanted(ModelSpec spec, @Nullable Boolean generate, @Nullable List<String> labels) {
        boolean possible = !spec.generation().template().isEmpty();
        boolean wanted = generate == null ? possible : generate;
        if (wanted && !possible) {
            throw ProblemException.badRequest(
                    "no-template",
                    "The spec of '" + spec.name() + "' names no generation.template; name one, or send"
                            + " \"generate\": false.");
        }
        if (!wanted && labels != null && !labels.isEmpty()) {
            throw ProblemException.badRequest(
                    "labels-without-generation",
                    "\"labels\" says what to generate for; leave it out, or send \"generate\": true.");
        }
        return wanted ? Targets.evenly(known(spec, labels), spec.generation().perRound()) : Map.of();
    }

    /** Why somebody wants a round, in their words. */
    static String reason(@Nullable String given) {
        if (given != null && given.indexOf('\0') >= 0) {
            throw ProblemException.badRequest(
                    "invalid-reason", "\"reason\" has the character U+0000, which cannot be stored; leave it out.");
        }
        return given == null || given.isBlank() ? "command" : given;
    }

    private static List<String> known(ModelSpec spec, @Nullable List<String> labels) {
        if (labels == null || labels.isEmpty()) {
            return spec.task().labels();
        }
        for (String label : labels) {
            if (label == null || !spec.task().labels().contains(label)) {
                throw ProblemException.badRequest(
                        "label-unknown",
                        "'" + label + "' is not a label of '" + spec.name() + "'; use one of "
                                + String.join(", ", spec.task().labels()) + ".");
            }
        }
        return labels.stream().distinct().toList();
    }
}
