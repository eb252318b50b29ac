package dev.perennial.registry.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StickyTest {
    @Test
    void a_caller_keeps_its_place() {
        assertThat(Sticky.place("m#3", "caller-17")).isEqualTo(Sticky.place("m#3", "caller-17"));
    }

    @Test
    void callers_are_spread_evenly() {
        int[] tenths = new int[10];
        IntStream.range(0, 20_000).forEach(i -> tenths[Sticky.place("m#1", "caller-" + i) / 1000]++);

        // 2000 expected each, standard deviation 42
        assertThat(Arrays.stream(tenths).boxed()).allMatch(count -> count > 1800 && count < 2200);
    }

    @Test
    void another_rollout_takes_other_callers() {
        long both = IntStream.range(0, 10_000)
                .filter(i -> Sticky.place("m#1", "caller-" + i) < 1000 && Sticky.place("m#2", "caller-" + i) < 1000)
                .count();

        // a tenth of a tenth
        assertThat(both).isBetween(60L, 140L);
    }
}
