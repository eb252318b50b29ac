package dev.perennial.benchmarks.lora;

import java.util.function.LongSupplier;

/** Adds up time and tokens of the steps after the warm-up. */
final class Stopwatch {
    private final int warmup;
    private int steps;
    private long tokens;
    private long nanos;

    Stopwatch(int warmup) {
        this.warmup = warmup;
    }

    /** @param step returns how many tokens it worked on */
    void time(LongSupplier step) {
        long begin = System.nanoTime();
        long worked = step.getAsLong();
        if (steps++ >= warmup) {
            tokens += worked;
            nanos += System.nanoTime() - begin;
        }
    }

    long tokens() {
        return tokens;
    }

    double seconds() {
        return nanos / 1e9;
    }
}
