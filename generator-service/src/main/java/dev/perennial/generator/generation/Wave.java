package dev.perennial.generator.generation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Makes planned calls at once, each on a virtual thread, and hands their results over on the calling thread in the
 * batches in which they arrive. It starts no further call once one was postponed or the budget is used up. When handing over
 * fails, calls that are under way may end: they are charged, and their replies are stored for the next attempt. They are
 * interrupted only when the calling thread is.
 */
final class Wave {
    private final int concurrency;
    private final Function<PlannedCall, CallResult> caller;
    private final ToLongFunction<PlannedCall> estimate;
    private final Allowance allowance;
    private final BlockingQueue<CallResult> arrived = new LinkedBlockingQueue<>();
    private final Map<Integer, Long> underway = new HashMap<>();

    /** Whether a further call may be paid. */
    @FunctionalInterface
    interface Allowance {
        boolean allows(long underway, long estimate);
    }

    /** How a wave ended. */
    enum End {
        /** Every call was made. */
        THROUGH,
        BUDGET_EXHAUSTED
    }

    Wave(
            int concurrency,
            Function<PlannedCall, CallResult> caller,
            ToLongFunction<PlannedCall> estimate,
            Allowance allowance) {
        this.concurrency = concurrency;
        this.caller = caller;
        this.estimate = estimate;
        this.allowance = allowance;
    }

    End run(List<PlannedCall> calls, Consumer<List<CallResult>> handOver) throws InterruptedException {
        Queue<PlannedCall> waiting = new ArrayDeque<>(calls);
        boolean affordable = true;
        boolean away = false;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            while (true) {
                while (affordable && !away && !waiting.isEmpty() && underway.size() < concurrency) {
                    affordable = start(waiting, threads);
                }
                if (underway.isEmpty()) {
                    return affordable ? End.THROUGH : End.BUDGET_EXHAUSTED;
                }
                List<CallResult> results = next(threads);
                away |= !results.stream().allMatch(CallResult.Done.class::isInstance);
                handOver.accept(results);
            }
        }
    }

    private boolean start(Queue<PlannedCall> waiting, ExecutorService threads) {
        PlannedCall call = waiting.element();
        long tokens = estimate.applyAsLong(call);
        if (!allowance.allows(
                underway.values().stream().mapToLong(Long::longValue).sum(), tokens)) {
            return false;
        }
        waiting.remove();
        underway.put(call.index(), tokens);
        threads.execute(() -> arrived.add(caller.apply(call)));
        return true;
    }

    private List<CallResult> next(ExecutorService threads) throws InterruptedException {
        List<CallResult> results = new ArrayList<>();
        try {
            results.add(arrived.take());
        } catch (InterruptedException e) {
            threads.shutdownNow();
            throw e;
        }
        arrived.drainTo(results);
        results.forEach(result -> underway.remove(result.call().index()));
        return results;
    }
}
