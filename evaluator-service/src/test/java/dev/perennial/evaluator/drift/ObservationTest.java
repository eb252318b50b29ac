package dev.perennial.evaluator.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ObservationTest {
    private static final DriftDetector.Shift RISE = new DriftDetector.Shift(0.05, 0.4, 8);
    private static final DriftDetector.Shift NONE = null;
    private static final DriftDetector.Shift FALL = new DriftDetector.Shift(0.4, 0.05, 8);

    @Test
    void raises_one_alarm_at_the_first_rise() {
        Observation observation = observe(Watch.begin("m", 1), 1, NONE, RISE, RISE);

        assertThat(observation.alarm())
                .hasValue(new Observation.Alarm(answer(1), 1, new Watch.Suspicion(-6, 0.05), 0.4));
        assertThat(observation.watch()).isEqualTo(new Watch("m", 1, 1, 3, "seen 3", new Watch.Suspicion(-6, 0.05), 1));
    }

    @Test
    void takes_a_small_rise_for_none_of_its_business() {
        assertThat(observe(Watch.begin("m", 1), 1, new DriftDetector.Shift(0.1, 0.19, 500))
                        .alarm())
                .isEmpty();
    }

    @Test
    void takes_a_fall_for_good_news() {
        assertThat(observe(Watch.begin("m", 1), 1, FALL).alarm()).isEmpty();
    }

    @Test
    void waits_for_enough_samples() {
        assertThat(observe(Watch.begin("m", 1), 3, NONE, RISE).alarm()).isEmpty();
        assertThat(observe(Watch.begin("m", 1), 3, NONE, NONE, RISE).alarm()).isPresent();
    }

    @Test
    void repeats_the_alarm_while_the_error_rate_stays_up() {
        Watch alarmed = observe(Watch.begin("m", 1), 1, RISE).watch();

        assertThat(observe(alarmed, 1, RISE, NONE).alarm()).isEmpty();
        assertThat(observe(alarmed, 1, RISE, NONE, NONE).alarm())
                .hasValue(new Observation.Alarm(answer(2), 3, new Watch.Suspicion(-7, 0.05), 0.4));
    }

    @Test
    void counts_to_the_repetition_from_the_alarm_however_late_the_rise_was_found() {
        DriftDetector.Shift late = new DriftDetector.Shift(0.05, 0.4, 10);
        Watch alarmed = observe(Watch.begin("m", 1), 1, late).watch();
        assertThat(alarmed.alarmed()).isTrue();

        assertThat(observe(alarmed, 1, NONE, NONE).alarm()).isEmpty();
        Observation repeated = observe(alarmed, 1, NONE, NONE, NONE);
        assertThat(repeated.alarm()).map(Observation.Alarm::position).hasValue(3);
        assertThat(observe(repeated.watch(), 1, NONE, NONE).alarm()).isEmpty();
        assertThat(observe(repeated.watch(), 1, NONE, NONE, NONE).alarm()).isPresent();
    }

    @Test
    void is_over_it_when_the_error_rate_is_down_at_the_next_look() {
        Watch alarmed = observe(Watch.begin("m", 1), 1, RISE).watch();
        Watch high = new Watch("m", 1, 1, alarmed.samples(), "seen 1", new Watch.Suspicion(-7, 0.35), 0);

        Observation calm = observe(high, 1, NONE, NONE, NONE);

        assertThat(calm.alarm()).isEmpty();
        assertThat(calm.watch().alarmed()).isFalse();
        assertThat(observe(calm.watch(), 1, RISE).alarm()).isPresent();
    }

    @Test
    void starts_afresh_with_another_live_version() {
        Watch alarmed = observe(Watch.begin("m", 1), 1, RISE).watch();

        assertThat(alarmed.next(2)).isEqualTo(new Watch("m", 2, 2, 0, null, null, null));
        assertThat(observe(alarmed.next(2), 1, RISE).alarm()).isPresent();
    }

    @Test
    void gathers_evidence_before_the_alarm() {
        DriftSettings patient = new DriftSettings(null, null, 1, 10, null, 0.1);
        List<Answered> answers =
                IntStream.range(0, 4).mapToObj(ObservationTest::answer).toList();

        Observation first = Observation.of(Watch.begin("m", 1), new Scripted(RISE), answers.subList(0, 1), patient);
        assertThat(first.alarm()).isEmpty();
        assertThat(first.watch().suspicion()).isEqualTo(new Watch.Suspicion(-7, 0.05));

        Observation second =
                Observation.of(first.watch(), new Scripted(NONE, NONE, NONE), answers.subList(1, 4), patient);
        assertThat(second.alarm()).map(Observation.Alarm::position).hasValue(2);
    }

    private static Observation observe(Watch watch, int minSamples, DriftDetector.Shift... script) {
        List<Answered> answers = IntStream.range(0, script.length)
                .mapToObj(ObservationTest::answer)
                .toList();
        return Observation.of(
                watch, new Scripted(script), answers, new DriftSettings(null, null, minSamples, 8, 3, 0.1));
    }

    private static Answered answer(int i) {
        return new Answered("f" + i, "tv", false, Instant.EPOCH);
    }

    /** Answers what it was told to. */
    private static final class Scripted implements DriftDetector {
        private final Deque<Optional<Shift>> script;
        private int seen;

        Scripted(Shift... script) {
            this.script =
                    new ArrayDeque<>(Stream.of(script).map(Optional::ofNullable).toList());
        }

        @Override
        public String name() {
            return "scripted";
        }

        @Override
        public Optional<Shift> update(boolean error) {
            seen++;
            return script.removeFirst();
        }

        @Override
        public int width() {
            return seen;
        }

        @Override
        public double errorRate() {
            return 0.4;
        }

        @Override
        public String state() {
            return "seen " + seen;
        }
    }
}
