package dev.perennial.scorer.quality;

import dev.perennial.common.event.SampleSource;
import dev.perennial.common.spec.QualitySpec;
import dev.perennial.common.spec.SampleRules;
import dev.perennial.common.spec.SpecException;
import dev.perennial.common.spec.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What can be said of a sample alone, from the spec: form, length, label and the team's own rules. Thread-safe. */
public final class Screening {
    private final Set<String> labels;
    private final QualitySpec.Length length;
    private final @Nullable SampleRules rules;
    private final List<String> invalidRules;

    public Screening(List<String> labels, QualitySpec quality) {
        this.labels = Set.copyOf(labels);
        this.length = quality.length();
        List<Violation> violations = SampleRules.check(quality.rules());
        this.rules = violations.isEmpty() ? compile(quality) : null;
        this.invalidRules = violations.stream()
                .map(violation -> Reasons.RULE_INVALID + " " + violation.path())
                .toList();
    }

    /** A spec that an older or newer registry let through rejects samples visibly instead of stopping the stage. */
    private static @Nullable SampleRules compile(QualitySpec quality) {
        try {
            return SampleRules.compile(quality.rules());
        } catch (SpecException e) {
            return null;
        }
    }

    /** Every reason against the sample; empty when there is none. */
    public List<String> reasons(String text, String label, SampleSource source) {
        List<String> reasons = new ArrayList<>(invalidRules);
        form(text, reasons);
        if (!labels.contains(label)) {
            reasons.add(Reasons.LABEL_UNKNOWN);
        }
        if (rules != null) {
            rules.broken(text, label, source.name()).forEach(rule -> reasons.add(Reasons.RULE + rule));
        }
        return reasons.isEmpty() ? List.of() : reasons;
    }

    private void form(String text, List<String> reasons) {
        if (text.isBlank()) {
            reasons.add(Reasons.BLANK);
            return;
        }
        int codePoints = text.codePointCount(0, text.length());
        if (codePoints < length.min()) {
            reasons.add(Reasons.TOO_SHORT);
        }
        if (codePoints > length.max()) {
            reasons.add(Reasons.TOO_LONG);
        }
        if (hasControlCharacter(text)) {
            reasons.add(Reasons.CONTROL_CHARACTERS);
        }
    }

    private static boolean hasControlCharacter(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) && c != '\n' && c != '\t' && c != '\r') {
                return true;
            }
        }
        return false;
    }
}
