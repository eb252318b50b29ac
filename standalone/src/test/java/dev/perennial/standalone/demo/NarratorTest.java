package dev.perennial.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.standalone.demo.Narrator.Progress;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class NarratorTest {
    private static final Duration LIMIT = Duration.ofMillis(400);

    private final Narrator narrator = new Narrator(new PrintStream(OutputStream.nullOutputStream()));

    @Test
    void what_moves_may_take_longer_than_the_limit() {
        AtomicInteger looks = new AtomicInteger();
        long began = System.nanoTime();

        narrator.watch("round 1", LIMIT, () -> new Progress(looks.incrementAndGet(), 4, "", looks.get() == 4));

        assertThat(looks).hasValue(4);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(LIMIT);
    }

    @Test
    void what_stands_still_is_given_up_with_where_it_stands() {
        assertThatThrownBy(() -> narrator.watch("round 1", LIMIT, () -> new Progress(3, 4, "training", false)))
                .isInstanceOf(DemoException.class)
                .hasMessageMatching("round 1 did not end: after \\d+ s it is at 3 of 4 training");
    }
}
