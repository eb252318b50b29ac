package dev.perennial.scorer.candidate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.common.messaging.Faults;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoraEncodersTest {
    @Test
    void like_texts_lie_nearer_than_others_and_the_fingerprint_names_the_weights() {
        try (LoraEncoders encoders = new LoraEncoders()) {
            Encoder encoder = encoders.of("all-minilm-l6-v2");

            float[][] vectors = encoder.embed(List.of(
                    "my internet connection is down", "the internet is not working", "please send me my last bill"));

            assertThat(dot(vectors[0], vectors[0])).isBetween(0.999, 1.001);
            assertThat(dot(vectors[0], vectors[1])).isGreaterThan(dot(vectors[0], vectors[2]) + 0.3);
            assertThat(encoder.fingerprint()).hasSize(64);
            assertThat(encoders.of("all-minilm-l6-v2").fingerprint()).isEqualTo(encoder.fingerprint());
        }
    }

    @Test
    void a_base_model_that_is_not_there_is_waited_for_and_is_no_defect() {
        try (LoraEncoders encoders = new LoraEncoders()) {
            assertThatThrownBy(() -> encoders.of("no-such-model"))
                    .hasMessageContaining("'no-such-model'")
                    .matches(Faults::isInfrastructure);
        }
    }

    private static double dot(float[] left, float[] right) {
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += left[i] * right[i];
        }
        return sum;
    }
}
