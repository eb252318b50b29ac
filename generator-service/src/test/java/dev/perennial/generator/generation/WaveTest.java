package dev.perennial.generator.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.generator.reply.Screening;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WaveTest {
    private final List<CallResult> results = new ArrayList<>();

    @Test
    void makes_as_many_calls_at_once_as_allowed_and_not_one_more() throws Exception {
        AtomicInteger underway = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CyclicBarrier three = new CyclicBarrier(3);

        Wave.End end = wave(3, (sum, estimate) -> true, call -> {
                    most.accumulateAndGet(underway.incrementAndGet(), Math::max);
                    await(three);
                    underway.decrementAndGet();
                    return done(call);
                })
                .run(calls(9), results::addAll);

        assertThat(end).isEqualTo(Wave.End.THROUGH);
        assertThat(results).hasSize(9);
        assertThat(most).hasValue(3);
    }

    @Test
    void starts_nothing_more_once_a_call_is_postponed() throws Exception {
        AtomicInteger started = new AtomicInteger();

        wave(1, (sum, estimate) -> true, call -> {
                    started.incrementAndGet();
                    return call.index() < 2 ? done(call) : new CallResult.Postponed(call, "away");
                })
                .run(calls(9), results::addAll);

        assertThat(started).hasValue(3);
        assertThat(results).hasSize(3);
    }

    @Test
    void stops_at_the_budget_with_what_it_has_and_counts_calls_that_are_underway() throws Exception {
        AtomicInteger paid = new AtomicInteger();

        Wave.End end = wave(4, (underway, estimate) -> paid.get() + underway + estimate <= 25, call -> done(call))
                .run(calls(9), batch -> {
                    paid.addAndGet(10 * batch.size());
                    results.addAll(batch);
                });

        assertThat(end).isEqualTo(Wave.End.BUDGET_EXHAUSTED);
        assertThat(results).hasSize(2);
    }

    @Test
    void lets_paid_calls_end_when_their_results_cannot_be_handed_over() {
        CountDownLatch failed = new CountDownLatch(1);
        AtomicInteger ended = new AtomicInteger();

        assertThatThrownBy(() -> wave(2, (sum, estimate) -> true, call -> {
                            if (call.index() == 1) {
                                await(failed);
                                ended.incrementAndGet();
                            }
                            return done(call);
                        })
                        .run(calls(2), batch -> {
                            failed.countDown();
                            throw new IllegalStateException("the database is away");
                        }))
                .hasMessage("the database is away");

        assertThat(ended).hasValue(1);
    }

    @Test
    void interrupts_its_calls_when_the_service_stops() {
        AtomicInteger interrupted = new AtomicInteger();
        Thread caller = Thread.currentThread();

        assertThatThrownBy(() -> wave(2, (sum, estimate) -> true, call -> {
                            caller.interrupt();
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException e) {
                                interrupted.incrementAndGet();
                            }
                            return done(call);
                        })
                        .run(calls(2), results::addAll))
                .isInstanceOf(InterruptedException.class);

        assertThat(interrupted).hasValue(2);
    }

    private static void await(CountDownLatch latch) {
        try {
            // Long enough that an interrupt, if there is one, comes first.
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Wave wave(int concurrency, Wave.Allowance allowance, Function<PlannedCall, CallResult> caller) {
        return new Wave(concurrency, caller, call -> 10, allowance);
    }

    private static List<PlannedCall> calls(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new PlannedCall(i, 0, "a", "easy", "chatty", 1, i, List.of()))
                .toList();
    }

    private static CallResult done(PlannedCall call) {
        return new CallResult.Done(call, "key", new Screening(List.of(), Map.of()));
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
