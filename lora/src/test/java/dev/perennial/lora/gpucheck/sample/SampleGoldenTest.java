package dev.perennial.lora.gpucheck.sample;

import dev.perennial.lora.GoldenDifference;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What the test of the runner runs: one of its tests fails, so an ordinary build leaves it out. */
@EnabledIfSystemProperty(named = SampleGoldenTest.SWITCH, matches = "true")
public class SampleGoldenTest {
    public static final String SWITCH = "gpu-check.sample";

    @Test
    void isNear() {
        GoldenDifference.check("logits", new float[] {1, 2}, new float[] {1, 2.05f}, 0.1);
    }

    @Test
    void isFar() {
        GoldenDifference.check("logits", 0.5, 0.1);
    }

    @Test
    void isLeftOut() {
        Assumptions.abort("not here");
    }
}
