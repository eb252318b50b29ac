package dev.perennial.lora;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.recipe.Noise;
import dev.perennial.lora.tensor.Torch;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** {@link Noise} on the texts of one part of a step: a pure function of the draw. */
record Noised(Noise noise, Draw draw, List<long[]> texts) {
    /** A token of a text that may become another one. */
    @FunctionalInterface
    interface Replaceable {
        boolean test(int text, int token);
    }

    private boolean any() {
        return noise.share() > 0 && !draw.quiet();
    }

    private boolean chosen(int text) {
        return random("examples", text).nextDouble() < noise.share();
    }

    private SplittableRandom random(String purpose, int text) {
        return new SplittableRandom(Seeds.mix(draw.stream(purpose), text));
    }

    /**
     * The texts, some tokens of some replaced.
     *
     * @param vocabulary ids are drawn below it
     */
    List<long[]> tokens(int vocabulary, Replaceable replaceable) {
        if (!any() || noise.tokens() == 0) {
            return texts;
        }
        return IntStream.range(0, texts.size())
                .mapToObj(text -> chosen(text)
                        ? replaced(text, vocabulary, token -> replaceable.test(text, token))
                        : texts.get(text))
                .toList();
    }

    private long[] replaced(int text, int vocabulary, IntPredicate replaceable) {
        SplittableRandom random = random("tokens", text);
        long[] tokens = texts.get(text).clone();
        for (int i = 0; i < tokens.length; i++) {
            if (random.nextDouble() < noise.tokens() && replaceable.test(i)) {
                tokens[i] = random.nextInt(vocabulary);
            }
        }
        return tokens;
    }

    /** The embedded texts, [B,T,D], with noise on some. */
    PtNDArray embedded(PtNDArray x) {
        if (!any() || noise.embeddings() == 0) {
            return x;
        }
        int t = (int) x.getShape().get(1);
        int d = (int) x.getShape().get(2);
        float[] added = new float[texts.size() * t * d];
        for (int text = 0; text < texts.size(); text++) {
            if (chosen(text)) {
                int length = texts.get(text).length;
                double size = noise.embeddings() / Math.sqrt((double) length * d);
                SplittableRandom random = random("embeddings", text);
                for (int i = 0; i < length * d; i++) {
                    added[text * t * d + i] = (float) (size * (2 * random.nextDouble() - 1));
                }
            }
        }
        return JniUtils.add(x, Torch.floats(x.getManager(), added, texts.size(), t, d));
    }
}
