package dev.perennial.lora.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class LinearProbeTest {
    @Test
    void aRegressionSeparatesWhatIsSeparableAndListensToWeights() {
        float[][] x = {{1, 0}, {0.8f, 0.6f}, {0, 1}, {0.6f, 0.8f}, {0, 1}};
        List<String> y = List.of("right", "right", "up", "up", "right");
        LinearProbe probe = LinearProbe.fit(List.of("right", "up"), x, y, new float[] {1, 1, 1, 1, 0.01f});
        assertThat(probe.probabilities(new float[] {1, 0})[0]).isGreaterThan(0.9f);
        assertThat(probe.probabilities(new float[] {0, 1})[1]).isGreaterThan(0.9f);
        float sum = 0;
        for (float p : probe.probabilities(new float[] {0.7f, 0.7f})) {
            sum += p;
        }
        assertThat(sum).isCloseTo(1, within(1e-6f));
        assertThatThrownBy(() -> LinearProbe.fit(List.of("right", "down"), x, y))
                .hasMessageContaining("'up'");
        assertThatThrownBy(() -> LinearProbe.fit(y, x, new int[] {0, 0, 1, 1, 5}, new float[] {1, 1, 1, 1, 1}))
                .hasMessageContaining("y[4] is 5");
    }

    @Test
    void weightsOfWhichARegressionWouldLearnNothingAreRefused() {
        float[][] x = {{1, 0}, {0, 1}};
        List<String> y = List.of("right", "up");
        for (float wrong : new float[] {Float.NaN, -1, Float.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> LinearProbe.fit(y, x, y, new float[] {1, wrong}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("sampleWeights[1] is " + wrong);
        }
        assertThatThrownBy(() -> LinearProbe.fit(y, x, y, new float[2]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sampleWeights are all 0");
        LinearProbe probe = LinearProbe.fit(y, x, y, new float[] {1, 0});
        assertThat(probe.probabilities(new float[] {0, 1})[0]).isGreaterThan(0.5f);
    }
}
