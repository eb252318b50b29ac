package dev.perennial.benchmarks.lora;

import java.util.List;
import java.util.stream.IntStream;

/** Consecutive parts of a list. */
final class Batches {
    private Batches() {}

    static <T> List<List<T>> of(List<T> all, int size) {
        return IntStream.range(0, Math.ceilDiv(all.size(), size))
                .mapToObj(i -> all.subList(i * size, Math.min((i + 1) * size, all.size())))
                .toList();
    }
}
