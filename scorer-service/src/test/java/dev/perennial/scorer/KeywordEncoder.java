package dev.perennial.scorer;

import dev.perennial.scorer.candidate.Encoder;
import java.util.List;
import java.util.Random;

/** Texts with the same keyword lie together, and the same words in another order are the same. */
final class KeywordEncoder implements Encoder {
    private static final List<String> KEYWORDS = List.of("bill", "line", "page");
    private static final int WIDTH = 16;

    @Override
    public String fingerprint() {
        return "keywords";
    }

    @Override
    public float[][] embed(List<String> texts) {
        return texts.stream().map(KeywordEncoder::embed).toArray(float[][]::new);
    }

    private static float[] embed(String text) {
        float[] vector = new float[WIDTH];
        for (String word : text.toLowerCase(java.util.Locale.ROOT).split("\\W+", -1)) {
            Random random = new Random(word.hashCode());
            for (int d = KEYWORDS.size(); d < WIDTH; d++) {
                vector[d] += (float) (0.05 * random.nextGaussian());
            }
        }
        for (int keyword = 0; keyword < KEYWORDS.size(); keyword++) {
            vector[keyword] = text.contains(KEYWORDS.get(keyword)) ? 1 : 0;
        }
        double sum = 0;
        for (float value : vector) {
            sum += value * value;
        }
        for (int d = 0; d < WIDTH; d++) {
            vector[d] /= (float) Math.sqrt(sum);
        }
        return vector;
    }
}
