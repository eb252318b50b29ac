package dev.perennial.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DemoReportTest {
    private static final DemoReport KEPT = report(0.80, 0.90, 0.99, 0.98, 239.9, 0.0499, 0, 360);

    @Test
    void bounds_that_are_just_met_are_kept() {
        assertThat(KEPT.kept()).isTrue();
        assertThat(KEPT.table()).doesNotContain("MISSED");
    }

    @Test
    void each_promise_counts_by_itself() {
        assertThat(List.of(
                        report(0.81, 0.90, 0.99, 0.98, 239.9, 0.0499, 0, 360),
                        report(0.80, 0.89, 0.99, 0.98, 239.9, 0.0499, 0, 360),
                        report(0.80, 0.90, 0.99, 0.975, 239.9, 0.0499, 0, 360),
                        report(0.80, 0.90, 0.99, 0.98, 240, 0.0499, 0, 360),
                        report(0.80, 0.90, 0.99, 0.98, 239.9, 0.05, 0, 360),
                        report(0.80, 0.90, 0.99, 0.98, 239.9, 0.0499, 1, 360),
                        report(0.80, 0.90, 0.99, 0.98, 239.9, 0.0499, 0, 360.5)))
                .noneMatch(DemoReport::kept)
                .allMatch(report -> report.table()
                                .lines()
                                .filter(line -> line.endsWith("MISSED"))
                                .count()
                        == 1);
    }

    @Test
    void its_json_has_every_figure_under_its_name() {
        JsonNode json = JsonMapper.shared().readTree(KEPT.json());

        assertThat(json.propertyNames())
                .containsExactlyInAnyOrder(
                        "driftedBefore",
                        "driftedAfter",
                        "coreBefore",
                        "coreAfter",
                        "driftToRolloutSeconds",
                        "badCandidateHarmedShare",
                        "failedRequests",
                        "totalSeconds",
                        "requests",
                        "samplesGenerated",
                        "samplesAccepted",
                        "driftNoticedSeconds",
                        "badCandidateSeconds",
                        "provider");
        assertThat(json.path("driftedAfter").asDouble()).isEqualTo(0.90);
        assertThat(json.path("provider").asString()).isEqualTo("offline");
    }

    private static DemoReport report(
            double driftedBefore,
            double driftedAfter,
            double coreBefore,
            double coreAfter,
            double driftToRollout,
            double harmed,
            int failed,
            double total) {
        return new DemoReport(
                driftedBefore,
                driftedAfter,
                coreBefore,
                coreAfter,
                driftToRollout,
                harmed,
                failed,
                total,
                4000,
                840,
                705,
                17,
                4,
                "offline");
    }
}
