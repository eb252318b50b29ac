package dev.perennial.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the README promises of the demo, but for the times: those are measured on a machine that does nothing else. */
class DemoIT {
    @Test
    void the_demo_keeps_what_the_readme_promises_of_it() {
        Commands.Ran demo = Commands.run("demo", "--json");

        assertThat(demo.out()).as(demo.err()).isNotBlank();
        JsonNode report = demo.json();
        assertThat(report.path("driftedBefore").asDouble()).isLessThanOrEqualTo(0.80);
        assertThat(report.path("driftedAfter").asDouble()).isGreaterThanOrEqualTo(0.90);
        assertThat(report.path("coreBefore").asDouble()
                        - report.path("coreAfter").asDouble())
                .isLessThan(0.0101);
        assertThat(report.path("driftToRolloutSeconds").asDouble()).isPositive();
        assertThat(report.path("badCandidateHarmedShare").asDouble()).isLessThan(0.05);
        assertThat(report.path("failedRequests").asInt(-1)).isZero();
        assertThat(report.path("samplesAccepted").asInt()).isPositive();
        assertThat(demo.err()).contains("Rolled back after");
    }
}
