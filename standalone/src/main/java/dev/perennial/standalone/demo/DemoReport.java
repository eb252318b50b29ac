package dev.perennial.standalone.demo;

import dev.perennial.standalone.cli.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;

/**
 * What one run of the demo measured.
 *
 * @param driftedBefore accuracy on the drifted set of the version that the drift met
 * @param driftToRolloutSeconds from the first drifted request until the new version had all traffic
 * @param badCandidateHarmedShare wrong answers of the bad candidate over all requests of the demo
 * @param failedRequests requests without an answer, of all kinds
 * @param provider {@code offline} or {@code openai}
 */
public record DemoReport(
        double driftedBefore,
        double driftedAfter,
        double coreBefore,
        double coreAfter,
        double driftToRolloutSeconds,
        double badCandidateHarmedShare,
        int failedRequests,
        double totalSeconds,
        int requests,
        int samplesGenerated,
        int samplesAccepted,
        double driftNoticedSeconds,
        double badCandidateSeconds,
        String provider) {

    private record Promise(String what, double measured, String unit, String bound, boolean kept) {}

    public String json() {
        return JsonMapper.shared().writeValueAsString(this);
    }

    /** Whether everything that the README promises of the demo was measured. */
    public boolean kept() {
        return promises().stream().allMatch(Promise::kept);
    }

    public String table() {
        Table table = new Table(List.of("measured in this run", "value", "promised", ""));
        for (Promise promise : promises()) {
            table.row(List.of(
                    promise.what(),
                    value(promise.measured(), promise.unit()),
                    promise.bound(),
                    promise.kept() ? "kept" : "MISSED"));
        }
        return table.toString();
    }

    private List<Promise> promises() {
        List<Promise> promises = new ArrayList<>();
        promises.add(new Promise(
                "accuracy on the drifted set, before", driftedBefore, "%", "at most 80 %", driftedBefore <= 0.80));
        promises.add(new Promise(
                "accuracy on the drifted set, after", driftedAfter, "%", "at least 90 %", driftedAfter >= 0.90));
        promises.add(new Promise("accuracy on the core set, before", coreBefore, "%", "", true));
        promises.add(new Promise(
                "accuracy on the core set, after",
                coreAfter,
                "%",
                "down by at most 1 point",
                coreBefore - coreAfter <= 0.0100001));
        promises.add(new Promise("drift to alarm", driftNoticedSeconds, "s", "", true));
        promises.add(new Promise(
                "drift to full rollout", driftToRolloutSeconds, "s", "under 240 s", driftToRolloutSeconds < 240));
        promises.add(new Promise("bad candidate to rollback", badCandidateSeconds, "s", "", true));
        promises.add(new Promise(
                "requests the bad candidate got wrong",
                badCandidateHarmedShare,
                "%",
                "under 5 %",
                badCandidateHarmedShare < 0.05));
        promises.add(new Promise("failed requests", failedRequests, "", "0", failedRequests == 0));
        promises.add(new Promise("requests", requests, "", "", true));
        promises.add(new Promise("samples generated", samplesGenerated, "", "", true));
        promises.add(new Promise("samples accepted of those", samplesAccepted, "", "", true));
        promises.add(new Promise("total time", totalSeconds, "s", "at most 360 s", totalSeconds <= 360));
        return promises;
    }

    private static String value(double measured, String unit) {
        return switch (unit) {
            case "%" -> String.format(Locale.ROOT, "%.1f %%", measured * 100);
            case "s" -> String.format(Locale.ROOT, "%.1f s", measured);
            default -> String.format(Locale.ROOT, "%.0f", measured);
        };
    }
}
