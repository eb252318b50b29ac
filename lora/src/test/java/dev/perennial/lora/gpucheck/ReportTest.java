package dev.perennial.lora.gpucheck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.lora.GoldenDifference.Largest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final ClassResult GOOD = new ClassResult(
            "DecoderGoldenTest",
            12,
            1,
            2.34,
            Map.of("logits", new Largest(4e-6, 1e-4), "gradients", new Largest(3e-7, 1e-5)),
            List.of());

    private static Report report(boolean onGpu, ClassResult... classes) {
        return new Report(
                "Made of x.", Map.of("device", onGpu ? "cuda:0 (asked for: auto)" : "cpu"), onGpu, List.of(classes));
    }

    @Test
    void saysWhatPassedOnWhatAndHowFarItWasOff() {
        assertThat(report(true, GOOD).passed()).isTrue();
        assertThat(report(true, GOOD).markdown()).isEqualTo("""
                        # gpu-check: passed on cuda:0 (asked for: auto)

                        Made of x.

                        ## Machine

                        | | |
                        | --- | --- |
                        | device | cuda:0 (asked for: auto) |

                        ## Golden tests

                        | class | passed | failed | skipped | seconds | largest differences (allowed) |
                        | --- | --- | --- | --- | --- | --- |
                        | DecoderGoldenTest | 12 | 0 | 1 | 2.3 | gradients 3.0e-07 (1e-05), logits 4.0e-06 (1e-04) |
                        """);
    }

    @Test
    void saysPlainlyThatNoGpuWasUsed() {
        assertThat(report(false, GOOD).markdown())
                .startsWith("# gpu-check: passed on the processor, NOT on a GPU\n")
                .contains("**No GPU was used");
    }

    @Test
    void aFailureFailsTheWholeAndIsNamed() {
        ClassResult bad = new ClassResult(
                "Nf4Test", 1, 0, 1, Map.of(), List.of(new ClassResult.Failure("[1] normal", "a | b\nc")));
        assertThat(report(true, GOOD, bad).passed()).isFalse();
        assertThat(report(true, GOOD, bad).markdown())
                .startsWith("# gpu-check: FAILED")
                .endsWith("### Failures\n\n- Nf4Test, [1] normal: a \\| b c\n");
    }

    @Test
    void noTestAtAllIsNoPass() {
        assertThat(report(true).passed()).isFalse();
        assertThat(report(true, new ClassResult("X", 0, 3, 0, Map.of(), List.of()))
                        .passed())
                .isFalse();
    }
}
