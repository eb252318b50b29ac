package dev.perennial.lora;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Groups texts of like length for inference, so that little padding is computed. */
final class LengthBatches {
    static final int MAX_TEXTS = 64;
    static final int MAX_TOKENS = 2048;

    private LengthBatches() {}

    /** Indices into {@code texts}: every one exactly once. */
    static List<List<Integer>> of(List<long[]> texts) {
        return of(texts, MAX_TEXTS, MAX_TOKENS);
    }

    /** At most so many texts in a batch, and so many tokens with the padding. */
    static List<List<Integer>> of(List<long[]> texts, int maxTexts, int maxTokens) {
        List<List<Integer>> batches = new ArrayList<>();
        List<Integer> batch = new ArrayList<>();
        List<Integer> byLength = IntStream.range(0, texts.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> texts.get(i).length))
                .toList();
        for (int i : byLength) {
            boolean full = batch.size() == maxTexts || (batch.size() + 1) * texts.get(i).length > maxTokens;
            if (full && !batch.isEmpty()) {
                batches.add(batch);
                batch = new ArrayList<>();
            }
            batch.add(i);
        }
        if (!batch.isEmpty()) {
            batches.add(batch);
        }
        return batches;
    }
}
