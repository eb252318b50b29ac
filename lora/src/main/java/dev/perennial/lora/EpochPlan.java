package dev.perennial.lora;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The batches of one epoch, a pure function of seed and epoch: shuffled, sorted by length inside chunks so that little
 * padding is computed, cut into batches, and these shuffled again.
 */
final class EpochPlan {
    private static final int BATCHES_PER_CHUNK = 25;

    private EpochPlan() {}

    /** Steps of every epoch. */
    static int batches(int examples, int batchSize) {
        return Math.ceilDiv(examples, batchSize);
    }

    static List<int[]> of(List<long[]> texts, int batchSize, long seed, int epoch) {
        Random random = new Random(Seeds.mix(seed, epoch));
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, texts.size()).boxed().toList());
        Collections.shuffle(order, random);
        int chunk = batchSize * BATCHES_PER_CHUNK;
        for (int i = 0; i < order.size(); i += chunk) {
            order.subList(i, Math.min(i + chunk, order.size()))
                    .sort((a, b) -> Integer.compare(texts.get(a).length, texts.get(b).length));
        }
        int[] flat = order.stream().mapToInt(Integer::intValue).toArray();
        List<int[]> batches = new ArrayList<>();
        for (int i = 0; i < flat.length; i += batchSize) {
            batches.add(Arrays.copyOfRange(flat, i, Math.min(i + batchSize, flat.length)));
        }
        Collections.shuffle(batches, random);
        return batches;
    }
}
