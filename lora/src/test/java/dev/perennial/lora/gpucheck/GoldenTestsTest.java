package dev.perennial.lora.gpucheck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.lora.GoldenDifference;
import dev.perennial.lora.GoldenDifference.Largest;
import dev.perennial.lora.gpucheck.sample.SampleGoldenTest;
import java.util.List;
import org.junit.jupiter.api.Test;

class GoldenTestsTest {
    @Test
    void runsWhatIsNamedOrTaggedAndTellsItsOutcomesAndDifferences() {
        List<ClassResult> results;
        try {
            System.setProperty(SampleGoldenTest.SWITCH, "true");
            results = GoldenTests.run("dev.perennial.lora.gpucheck.sample", "no.such");
        } finally {
            System.clearProperty(SampleGoldenTest.SWITCH);
        }

        assertThat(results).extracting(ClassResult::name).containsExactly("SampleGoldenTest", "SampleTaggedTest");
        ClassResult named = results.getFirst();
        assertThat(named.passed()).isEqualTo(1);
        assertThat(named.skipped()).isEqualTo(1);
        assertThat(named.differences()).containsEntry("logits", new Largest(0.5, 0.1));
        assertThat(named.failures()).hasSize(1);
        assertThat(named.failures().getFirst().test()).startsWith("isFar");
        assertThat(named.failures().getFirst().message()).contains("[logits]").contains("0.5");
        assertThat(results.getLast().passed()).isEqualTo(1);
        assertThat(GoldenDifference.of("no.such.Test")).isEmpty();
    }
}
