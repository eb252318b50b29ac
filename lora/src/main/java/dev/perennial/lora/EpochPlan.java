package dev.perennial.lora;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * The batches of one epoch, a pure function of seed and epoch: shuffled, sorted by length inside chunks so that little
 * padding is computed, cut into batches, and these shuffled again.
 */
final class EpochPlan {
    private static final int BATCHES_PER_CHUNK = 25;

    private EpochPlan() {}

    /**
     * The batches of an epoch.
     *
     * @param lengths of the examples in tokens
     * @param examples those that the epoch takes
     */
    static List<int[]> of(IntUnaryOperator lengths, int[] examples, int batchSize, long seed) {
        Random random = new Random(seed);
        List<Integer> order = new ArrayList<>(IntStream.of(examples).boxed().toList());
        Collections.shuffle(order, random);
        int chunk = batchSize * BATCHES_PER_CHUNK;
        for (int i = 0; i < order.size(); i += chunk) {
            order.subList(i, Math.min(i + chunk, order.size())).sort(Comparator.comparingInt(lengths::applyAsInt));
        }
        int[] flat = order.stream().mapToInt(Integer::intValue).toArray();
        List<int[]> batches = new ArrayList<>();
        for (int i = 0; i < flat.length; i += batchSize) {
            batches.add(Arrays.copyOfRange(flat, i, Math.min(i + batchSize, flat.length)));
        }
        Collections.shuffle(batches, random);
        return batches;
    }

    /**
     * The examples of an epoch: all new ones, and so many earlier ones, drawn without repetition, that these are
     * {@code replay} of them all.
     */
    static int[] examples(int size, int earlier, double replay, long seed) {
        int replayed = replayed(size, earlier, replay);
        List<Integer> drawn =
                new ArrayList<>(IntStream.range(size, size + earlier).boxed().toList());
        Collections.shuffle(drawn, new Random(Seeds.mix(seed, earlier)));
        return IntStream.concat(
                        IntStream.range(0, size),
                        drawn.subList(0, replayed).stream().mapToInt(Integer::intValue))
                .toArray();
    }

    /** How many earlier examples an epoch takes. */
    static int replayed(int size, int earlier, double replay) {
        return (int) Math.min(earlier, Math.round(size * replay / (1 - replay)));
    }

    /** In {@code count} parts of like size, or as many as there are examples; each in its order. */
    static List<int[]> parts(int[] batch, int count) {
        int parts = Math.min(count, batch.length);
        return IntStream.range(0, parts)
                .mapToObj(i -> Arrays.copyOfRange(batch, batch.length * i / parts, batch.length * (i + 1) / parts))
                .toList();
    }
}
