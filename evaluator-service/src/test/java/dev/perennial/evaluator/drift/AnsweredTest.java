package dev.perennial.evaluator.drift;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.common.event.TrafficEvent.FeedbackReceived;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AnsweredTest {
    @Test
    void knows_the_true_label_that_the_caller_gave_or_confirmed() {
        assertThat(answered("bill", null, false).trueLabel()).isEqualTo("bill");
        assertThat(answered(null, 1.0, true).trueLabel()).isEqualTo("tv");
        assertThat(answered(null, 0.0, false).trueLabel()).isNull();
    }

    private static Answered answered(String correctLabel, Double rating, boolean correct) {
        return Answered.of(new FeedbackReceived("f", "r", "m", 1, "tv", correctLabel, rating, correct, Instant.EPOCH));
    }
}
