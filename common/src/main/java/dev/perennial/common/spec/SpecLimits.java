package dev.perennial.common.spec;

import java.util.ArrayList;
import java.util.List;

/** How much a spec may hold: the whole of it travels in one event, and a sample's text in another. */
final class SpecLimits {
    static final int LABELS = 2_000;
    static final int RULES = 100;
    static final int STYLES = 100;
    static final int KNOWLEDGE = 100;

    /** Code points: four bytes each at most, and six where JSON escapes them. */
    static final int TEXT = 50_000;

    private SpecLimits() {}

    static List<Violation> check(ModelSpec spec) {
        List<Violation> violations = new ArrayList<>();
        atMost(LABELS, spec.task().labels(), "task.labels", "labels; group them, or split the model", violations);
        atMost(RULES, spec.quality().rules(), "quality.rules", "rules; join some with &&", violations);
        atMost(STYLES, spec.generation().styles(), "generation.styles", "styles; drop some", violations);
        atMost(
                KNOWLEDGE,
                spec.generation().knowledge(),
                "generation.knowledge",
                "knowledge files; put several into one file",
                violations);
        return violations;
    }

    private static void atMost(int limit, List<?> given, String path, String whatNow, List<Violation> violations) {
        if (given.size() > limit) {
            violations.add(new Violation(path, given.size() + " are given; use at most " + limit + " " + whatNow));
        }
    }
}
