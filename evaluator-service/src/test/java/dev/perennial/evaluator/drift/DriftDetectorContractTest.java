package dev.perennial.evaluator.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every {@link DriftDetector} keeps. */
abstract class DriftDetectorContractTest {

    /** Goes on from a state; null is one that has seen nothing. */
    abstract DriftDetector restore(String state);

    @Test
    void starts_empty() {
        DriftDetector detector = restore(null);

        assertThat(detector.width()).isZero();
        assertThat(detector.errorRate()).isZero();
        assertThat(detector.name()).isNotBlank();
    }

    @Test
    void is_silent_while_nothing_changes() {
        for (int seed = 0; seed < 10; seed++) {
            assertThat(shifts(restore(null), stream(seed, 1000, 0.05))).isEmpty();
            assertThat(shifts(restore(null), stream(seed, 1000, 0.3))).isEmpty();
        }
    }

    @Test
    void notices_within_120_answers_that_errors_rise_from_5_to_40_percent() {
        for (int seed = 0; seed < 20; seed++) {
            DriftDetector detector = restore(null);
            shifts(detector, stream(seed, 150, 0.05));

            List<DriftDetector.Shift> found = shifts(detector, stream(100 + seed, 120, 0.4));

            assertThat(found).isNotEmpty();
            assertThat(found.getFirst().rise()).isPositive();
            assertThat(found.getFirst().before()).isLessThan(0.15);
            assertThat(found.getFirst().after()).isGreaterThan(0.25);
            assertThat(found.getFirst().recent()).isBetween(5, 200);
        }
    }

    @Test
    void calls_a_fall_no_rise() {
        DriftDetector detector = restore(null);
        shifts(detector, stream(1, 200, 0.5));

        List<DriftDetector.Shift> found = shifts(detector, stream(2, 200, 0.02));

        assertThat(found).isNotEmpty().allMatch(shift -> shift.rise() < 0);
    }

    @Test
    void goes_on_from_its_state_as_if_it_had_never_stopped() {
        DriftDetector straight = restore(null);
        DriftDetector stopped = restore(null);
        List<Boolean> stream = new ArrayList<>(stream(3, 300, 0.05));
        stream.addAll(stream(4, 300, 0.4));
        for (boolean error : stream) {
            Optional<DriftDetector.Shift> expected = straight.update(error);
            stopped = restore(stopped.state());

            assertThat(stopped.update(error)).isEqualTo(expected);
            assertThat(stopped.width()).isEqualTo(straight.width());
            assertThat(stopped.errorRate()).isEqualTo(straight.errorRate());
        }
    }

    static List<DriftDetector.Shift> shifts(DriftDetector detector, List<Boolean> errors) {
        return errors.stream().flatMap(error -> detector.update(error).stream()).toList();
    }

    static List<Boolean> stream(long seed, int length, double rate) {
        Random random = new Random(seed);
        return random.doubles(length).mapToObj(value -> value < rate).toList();
    }
}
