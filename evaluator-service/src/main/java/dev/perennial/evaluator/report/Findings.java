package dev.perennial.evaluator.report;

import dev.perennial.evaluator.metric.Interval;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an examination found, before it is filed as a {@link Report}. */
record Findings(
        boolean passed,
        boolean registrable,
        List<String> reasons,
        @Nullable Interval gain,
        List<Report.SetReport> sets) {
    static Findings notRegistrable(String reason) {
        return new Findings(false, false, List.of(reason), null, List.of());
    }

    static Findings notComparable(String reason) {
        return new Findings(false, true, List.of(reason), null, List.of());
    }
}
