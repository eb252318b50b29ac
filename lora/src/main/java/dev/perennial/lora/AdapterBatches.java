package dev.perennial.lora;

import dev.perennial.lora.model.Adapter;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Groups texts that each have an adapter of their own as {@link LengthBatches} does. In a batch those of an owner are
 * neighbours; texts behind a prefix share batches with their own kind only, for a prefix comes before all of a batch.
 *
 * @param owners one for each text, in their order
 * @param layers an owner's adapter
 */
record AdapterBatches<O>(List<O> owners, Function<O, Adapter> layers) {
    /** Of all that share batches whoever they are of. */
    private static final int NO_PREFIX = -1;

    static AdapterBatches<Adapter> by(List<Adapter> adapters) {
        return new AdapterBatches<>(adapters, Function.identity());
    }

    /** Indices into {@code texts}: every one exactly once. */
    List<List<Integer>> of(List<long[]> texts) {
        return of(texts, LengthBatches.MAX_TEXTS, LengthBatches.MAX_TOKENS);
    }

    /** At most so many texts in a batch, and so many tokens with the padding. */
    List<List<Integer>> of(List<long[]> texts, int maxTexts, int maxTokens) {
        int[] numbers = numbers();
        Map<Integer, List<Integer>> kinds = IntStream.range(0, texts.size())
                .boxed()
                .collect(Collectors.groupingBy(
                        i -> layers.apply(owners.get(i)).prefixTokens() > 0 ? numbers[i] : NO_PREFIX,
                        TreeMap::new,
                        Collectors.toList()));
        return kinds.values().stream()
                .flatMap(kind -> LengthBatches.of(kind.stream().map(texts::get).toList(), maxTexts, maxTokens).stream()
                        .map(batch -> batch.stream().map(kind::get)))
                .map(batch ->
                        batch.sorted(Comparator.comparingInt(i -> numbers[i])).toList())
                .toList();
    }

    /** Of each text its owner's, which count up as the owners appear. */
    private int[] numbers() {
        Map<O, Integer> numbers = new HashMap<>();
        return owners.stream()
                .mapToInt(owner -> numbers.computeIfAbsent(owner, _ -> numbers.size()))
                .toArray();
    }
}
