package dev.perennial.lora.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.lora.adapter.LoraLayers;
import dev.perennial.lora.model.Adapter;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ContinuationsTest {
    static final List<String> MODELS = GoldenDecoder.NAMES;

    @ParameterizedTest
    @FieldSource("MODELS")
    void theLikeliestTokensOfABatchAreThoseThatTransformersGeneratesForEachText(String name) throws IOException {
        GoldenDecoder golden = GoldenDecoder.of(name);
        int texts = golden.texts().size();
        int tokens = golden.greedy().getFirst().length;
        long[][] found = new long[texts][tokens];
        try (DecoderModel model = DecoderModel.open(GoldenDecoder.directory(name));
                LoraLayers adapter = new LoraLayers(model.memory(), GoldenDecoder.adapter(name, model));
                Continuations continuations = new Continuations(model, adapter)) {
            List<long[]> next = golden.texts();
            for (int j = 0; j < tokens; j++) {
                float[][] logits = continuations.append(next);
                for (int i = 0; i < texts; i++) {
                    found[i][j] = likeliest(logits[i]);
                }
                int step = j;
                next = List.of(found).stream()
                        .map(text -> new long[] {text[step]})
                        .toList();
            }
        }
        assertThat(List.of(found)).usingRecursiveComparison().isEqualTo(golden.greedy());
    }

    private static int likeliest(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }

    @Test
    void textsThatHaveEndedCanBeLeftOut() {
        try (DecoderModel model = DecoderModel.open(GoldenDecoder.directory("llama"));
                Continuations all = new Continuations(model, Adapter.NONE);
                Continuations alone = new Continuations(model, Adapter.NONE)) {
            all.append(List.of(new long[] {1, 2, 3}, new long[] {4}, new long[] {5, 6}));
            all.keep(2, 0);
            float[][] logits = all.append(List.of(new long[] {7}, new long[] {8, 9}));
            assertThat(logits).hasDimensions(2, 29);
            assertThat(logits[0]).containsExactly(alone.append(List.of(new long[] {5, 6, 7}))[0], within(1e-5f));
            assertThatThrownBy(() -> all.keep(2)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void nothingIsLeftBehind() {
        try (DecoderModel model = DecoderModel.open(GoldenDecoder.directory("llama"))) {
            int before = model.memory().getManagedArrays().size();
            int held = 0;
            try (Continuations texts = new Continuations(model, Adapter.NONE)) {
                for (int i = 0; i < 5; i++) {
                    texts.append(List.of(new long[] {1}, new long[] {2, 3}));
                    texts.keep(1, 0);
                    int now = model.memory().getManagedArrays().size();
                    assertThat(i == 0 ? now : held).isEqualTo(now);
                    held = now;
                }
            }
            assertThat(model.memory().getManagedArrays()).hasSize(before);
        }
    }
}
