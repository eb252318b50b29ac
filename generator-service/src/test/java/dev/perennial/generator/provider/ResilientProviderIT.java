package dev.perennial.generator.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.generator.provider.LlmException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The effect of each control, in real time: hence no unit test. */
class ResilientProviderIT {
    private static final Ask ASK = SampleProviderContract.ask("slow", 1, 0);

    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void retry_repeats_while_the_provider_is_unavailable_with_growing_pauses() {
        Instant start = Instant.now();
        SampleProvider provider =
                resilient(settings(100, Duration.ofSeconds(10), 3, Duration.ofMillis(100), 100), () -> {
                    if (asked.incrementAndGet() < 3) {
                        throw fault(Kind.UNAVAILABLE);
                    }
                    return new Reply("ok", 1, 1);
                });

        assertThat(provider.reply(ASK).text()).isEqualTo("ok");
        assertThat(asked).hasValue(3);
        assertThat(Duration.between(start, Instant.now())).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    @Test
    void retry_gives_up_after_its_attempts_and_never_repeats_a_refusal() {
        ResilienceSettings settings = settings(100, Duration.ofSeconds(10), 3, Duration.ofMillis(1), 100);
        Kind[] kind = {Kind.UNAVAILABLE};
        SampleProvider provider = resilient(settings, () -> {
            asked.incrementAndGet();
            throw fault(kind[0]);
        });

        assertFails(provider, Kind.UNAVAILABLE);
        assertThat(asked).hasValue(3);
        kind[0] = Kind.REFUSED;
        assertFails(provider, Kind.REFUSED);
        assertThat(asked).hasValue(4);
    }

    @Test
    void the_time_limit_ends_an_attempt_and_interrupts_it() throws Exception {
        AtomicBoolean interrupted = new AtomicBoolean();
        CountDownLatch ended = new CountDownLatch(1);
        SampleProvider provider = resilient(settings(100, Duration.ofMillis(100), 1, Duration.ofMillis(1), 100), () -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.set(true);
            }
            ended.countDown();
            return new Reply("late", 1, 1);
        });

        assertFails(provider, Kind.UNAVAILABLE);
        assertThat(ended.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(interrupted).isTrue();
    }

    @Test
    void the_rate_limit_spreads_calls_over_time() {
        Instant start = Instant.now();
        SampleProvider provider = resilient(
                settings(5, Duration.ofSeconds(10), 1, Duration.ofMillis(1), 100), () -> new Reply("ok", 1, 1));

        for (int call = 0; call < 11; call++) {
            provider.reply(ASK);
        }

        // Five in the running second, five in the next, one in the one after that.
        assertThat(Duration.between(start, Instant.now())).isGreaterThan(Duration.ofSeconds(1));
    }

    @Test
    void the_circuit_breaker_spares_a_provider_that_keeps_failing_and_tries_again_after_its_pause() throws Exception {
        AtomicBoolean well = new AtomicBoolean();
        SampleProvider provider = resilient(
                new ResilienceSettings(
                        100, Duration.ofSeconds(10), 1, Duration.ofMillis(1), 4, 50, Duration.ofMillis(300)),
                () -> {
                    asked.incrementAndGet();
                    if (well.get()) {
                        return new Reply("ok", 1, 1);
                    }
                    throw fault(Kind.UNAVAILABLE);
                });

        for (int call = 0; call < 10; call++) {
            assertFails(provider, Kind.UNAVAILABLE);
        }
        assertThat(asked).hasValue(4);

        well.set(true);
        assertThat(new CountDownLatch(1).await(350, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(provider.reply(ASK).text()).isEqualTo("ok");
    }

    private static void assertFails(SampleProvider provider, Kind kind) {
        assertThatThrownBy(() -> provider.reply(ASK))
                .isInstanceOfSatisfying(
                        LlmException.class, fault -> assertThat(fault.kind()).isEqualTo(kind));
    }

    private static LlmException fault(Kind kind) {
        return new LlmException(kind, "told to fail", null);
    }

    private static ResilienceSettings settings(
            int callsPerSecond, Duration timeout, int attempts, Duration firstBackoff, int breakerWindow) {
        return new ResilienceSettings(
                callsPerSecond, timeout, attempts, firstBackoff, breakerWindow, 50, Duration.ofSeconds(10));
    }

    private static SampleProvider resilient(ResilienceSettings settings, Supplier<Reply> replies) {
        return new ResilientProvider(new FakeProvider(replies), settings);
    }

    private record FakeProvider(Supplier<Reply> replies) implements SampleProvider {
        @Override
        public String name() {
            return "fake";
        }

        @Override
        public String llm() {
            return "fake";
        }

        @Override
        public String parameters(Ask ask) {
            return "";
        }

        @Override
        public long estimatedTokens(Ask ask) {
            return 1;
        }

        @Override
        public Reply reply(Ask ask) {
            return replies.get();
        }
    }
}
