package dev.perennial.lora.gpucheck.sample;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

@EnabledIfSystemProperty(named = SampleGoldenTest.SWITCH, matches = "true")
class SampleTaggedTest {
    @Test
    @Tag("golden")
    void isTagged() {
        assertThat(System.getProperty(SampleGoldenTest.SWITCH)).isEqualTo("true");
    }

    @Test
    void isNot() {
        throw new AssertionError("an untagged test was run");
    }
}
