package dev.perennial.scorer.quality;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Embeddings of accepted samples by label. Compares with each: quick for some thousands. Not thread-safe. */
public final class AcceptedMeanings {
    private final Map<String, List<float[]>> byLabel = new HashMap<>();

    public void add(String label, float[] embedding) {
        byLabel.computeIfAbsent(label, each -> new ArrayList<>()).add(embedding);
    }

    /** Highest cosine similarity to a sample of the label; 0 when it has none. */
    double similarity(String label, float[] embedding) {
        double most = 0;
        for (float[] other : byLabel.getOrDefault(label, List.of())) {
            most = Math.max(most, dot(embedding, other));
        }
        return most;
    }

    /** Four sums at once, so that the additions need not wait for each other. */
    private static double dot(float[] left, float[] right) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        int i = 0;
        for (; i + 3 < left.length; i += 4) {
            a += left[i] * right[i];
            b += left[i + 1] * right[i + 1];
            c += left[i + 2] * right[i + 2];
            d += left[i + 3] * right[i + 3];
        }
        for (; i < left.length; i++) {
            a += left[i] * right[i];
        }
        return (double) a + b + c + d;
    }
}
