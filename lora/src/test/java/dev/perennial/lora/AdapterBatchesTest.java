package dev.perennial.lora;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.pytorch.engine.PtNDArray;
import dev.perennial.lora.model.Adapter;
import dev.perennial.lora.model.Linear;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdapterBatchesTest {
    /** @param prefixTokens n */
    private record Named(String name, int prefixTokens) implements Adapter {
        @Override
        public PtNDArray adapt(Linear linear, PtNDArray x, PtNDArray y) {
            return y;
        }
    }

    private static final Adapter A = new Named("a", 0);
    private static final Adapter B = new Named("b", 0);
    private static final Adapter PREFIX = new Named("prefix", 2);
    private static final Adapter OTHER = new Named("other", 2);

    private static List<long[]> texts(int... lengths) {
        return Arrays.stream(lengths).mapToObj(long[]::new).toList();
    }

    @Test
    void textsOfAnAdapterAreNeighboursAndThoseOfAPrefixAmongTheirOwn() {
        List<List<Integer>> batches =
                AdapterBatches.by(List.of(B, PREFIX, A, OTHER, B, PREFIX, A)).of(texts(3, 2, 1, 1, 2, 1, 4));
        assertThat(batches).containsExactly(List.of(4, 0, 2, 6), List.of(5, 1), List.of(3));
    }

    @Test
    void textsWithoutAPrefixAreBatchedByTheirLengthsAlone() {
        List<long[]> texts = texts(5, 1, 4, 2, 3);
        assertThat(AdapterBatches.by(Collections.nCopies(5, A)).of(texts, 2, 100))
                .isEqualTo(LengthBatches.of(texts, 2, 100));
        assertThat(AdapterBatches.by(List.of(A, B, B, A, B)).of(texts, 2, 100))
                .containsExactly(List.of(3, 1), List.of(4, 2), List.of(0));
        assertThat(AdapterBatches.by(List.of()).of(List.of())).isEmpty();
    }
}
