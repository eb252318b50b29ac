package dev.perennial.lora.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.GoldenDifference;
import dev.perennial.lora.adapter.LoraLayers;
import dev.perennial.lora.adapter.PrefixLayers;
import dev.perennial.lora.adapter.PrefixWeights;
import dev.perennial.lora.model.Adapter;
import dev.perennial.lora.tensor.Torch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class DecoderGoldenTest {
    static final List<String> MODELS = GoldenDecoder.NAMES;

    @BeforeEach
    void inference() {
        Torch.inference();
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void logitsAreThoseOfTransformers(String name) throws IOException {
        GoldenDecoder golden = GoldenDecoder.of(name);
        try (DecoderModel model = DecoderModel.open(GoldenDecoder.directory(name))) {
            assertEqual(logits(model, Adapter.NONE, golden.texts()), golden.logits());
        }
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void logitsOfAnAdapterAreThoseOfPeft(String name) throws IOException {
        GoldenDecoder golden = GoldenDecoder.of(name);
        try (DecoderModel model = DecoderModel.open(GoldenDecoder.directory(name));
                LoraLayers adapter = new LoraLayers(model.memory(), GoldenDecoder.adapter(name, model))) {
            assertEqual(logits(model, adapter, golden.texts()), golden.adapted());
            assertThat(worst(golden.logits(), golden.adapted())).isGreaterThan(0.1);
        }
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void logitsWithACacheAreThoseWithout(String name) throws IOException {
        GoldenDecoder golden = GoldenDecoder.of(name);
        try (DecoderModel model = DecoderModel.open(GoldenDecoder.directory(name))) {
            for (int first : new int[] {1, 3, 8}) {
                // From the second part on, the texts that have ended go on with tokens that nobody looks at.
                assertEqual(inParts(model, Adapter.NONE, golden.texts(), first), golden.logits());
            }
        }
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void logitsAfterAPrefixAreTheSameWithACacheAndWithout(String name) throws IOException {
        GoldenDecoder golden = GoldenDecoder.of(name);
        try (DecoderModel model = DecoderModel.open(GoldenDecoder.directory(name));
                PrefixLayers prefix = prefix(model, 4)) {
            List<List<float[]>> whole = logits(model, prefix, golden.texts());
            assertThat(worst(whole, golden.logits())).isGreaterThan(0.1);
            for (int first : new int[] {1, 3, 8}) {
                assertEqual(inParts(model, prefix, golden.texts(), first), whole);
            }
        }
    }

    @Test
    void textsOfACacheGoOnAfterThePrefixTheyBeganWithAndWithinThePositions() {
        try (DecoderModel model = DecoderModel.open(GoldenDecoder.directory("llama"));
                PrefixLayers four = prefix(model, 4);
                PrefixLayers many = prefix(model, 62);
                Continuations texts = new Continuations(model, four);
                KeyValueCache cache = new KeyValueCache(model);
                PtNDManager scope = Torch.within(model.memory())) {
            Decoder.hidden(model.weights(), four, cache.next(scope, List.of(new long[] {1})));
            DecoderBatch next = cache.next(scope, List.of(new long[] {2}));
            assertThatThrownBy(() -> Decoder.hidden(model.weights(), Adapter.NONE, next))
                    .hasMessageContaining("after a prefix of 4 tokens, they cannot go on after one of 0");
            List<long[]> three = List.of(new long[] {1, 2, 3});
            assertThatThrownBy(() -> logits(model, many, three)).hasMessageContaining("model's 64 positions");
            texts.append(List.of(new long[59]));
            texts.append(List.of(new long[1]));
            assertThatThrownBy(() -> texts.append(List.of(new long[1]))).hasMessageContaining("model's 64 positions");
        }
    }

    private static PrefixLayers prefix(DecoderModel model, int tokens) {
        return new PrefixLayers(
                model.memory(), PrefixWeights.fresh(model.weights().attention(), tokens, 1));
    }

    /** Each text in parts of {@code part} tokens; where one ends within a part, the others go on. */
    private static List<List<float[]>> inParts(DecoderModel model, Adapter adapter, List<long[]> texts, int part) {
        List<List<float[]>> logits = new ArrayList<>();
        texts.forEach(_ -> logits.add(new ArrayList<>()));
        int longest = DecoderBatch.longest(texts);
        try (KeyValueCache cache = new KeyValueCache(model)) {
            for (int start = 0; start < longest; start += part) {
                List<long[]> next = new ArrayList<>();
                for (long[] text : texts) {
                    int end = Math.min(text.length, start + part);
                    next.add(start < end ? Arrays.copyOfRange(text, start, end) : new long[] {5});
                }
                try (PtNDManager scope = Torch.within(model.memory())) {
                    List<List<float[]>> known = logits(model, adapter, cache.next(scope, next), next);
                    for (int i = 0; i < texts.size(); i++) {
                        if (start < texts.get(i).length) {
                            logits.get(i).addAll(known.get(i));
                        }
                    }
                }
            }
        }
        return logits;
    }

    static List<List<float[]>> logits(DecoderModel model, Adapter adapter, List<long[]> texts) {
        try (PtNDManager scope = Torch.within(model.memory())) {
            return logits(model, adapter, DecoderBatch.of(scope, model.config(), texts), texts);
        }
    }

    private static List<List<float[]>> logits(
            DecoderModel model, Adapter adapter, DecoderBatch batch, List<long[]> texts) {
        PtNDArray logits = Decoder.logits(model.weights(), Decoder.hidden(model.weights(), adapter, batch)); // [B,T,V]
        int t = (int) logits.getShape().get(1);
        int v = (int) logits.getShape().get(2);
        float[] flat = logits.toFloatArray();
        List<List<float[]>> result = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            List<float[]> tokens = new ArrayList<>();
            for (int j = 0; j < texts.get(i).length; j++) {
                tokens.add(Arrays.copyOfRange(flat, (i * t + j) * v, (i * t + j + 1) * v));
            }
            result.add(tokens);
        }
        return result;
    }

    private static void assertEqual(List<List<float[]>> found, List<List<float[]>> expected) {
        GoldenDifference.check("logits", worst(found, expected), 1e-4);
    }

    /** The largest difference. */
    private static double worst(List<List<float[]>> found, List<List<float[]>> expected) {
        assertThat(found).hasSameSizeAs(expected);
        double worst = 0;
        for (int i = 0; i < expected.size(); i++) {
            assertThat(found.get(i)).hasSameSizeAs(expected.get(i));
            for (int j = 0; j < expected.get(i).size(); j++) {
                float[] x = found.get(i).get(j);
                float[] y = expected.get(i).get(j);
                assertThat(x).hasSameSizeAs(y);
                for (int k = 0; k < x.length; k++) {
                    worst = Math.max(worst, Math.abs(x[k] - y[k]));
                }
            }
        }
        return worst;
    }
}
