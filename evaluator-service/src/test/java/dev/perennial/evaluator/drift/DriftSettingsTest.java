package dev.perennial.evaluator.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DriftSettingsTest {
    @Test
    void have_defaults() {
        assertThat(new DriftSettings(null, null, null, null, null, null))
                .isEqualTo(new DriftSettings(0.05, 1, 30, 200, 1000, 0.05));
    }

    @Test
    void refuse_what_makes_no_detector() {
        assertThatThrownBy(() -> new DriftSettings(0.0, null, null, null, null, null))
                .hasMessageContaining("delta");
        assertThatThrownBy(() -> new DriftSettings(null, 0, null, null, null, null))
                .hasMessageContaining("check-every");
        assertThatThrownBy(() -> new DriftSettings(null, null, 0, null, null, null))
                .hasMessageContaining("min-samples");
        assertThatThrownBy(() -> new DriftSettings(null, null, null, null, null, 1.5))
                .hasMessageContaining("min-rise");
        assertThatThrownBy(() -> new DriftSettings(null, null, null, null, 0, null))
                .hasMessageContaining("repeat-after");
    }
}
