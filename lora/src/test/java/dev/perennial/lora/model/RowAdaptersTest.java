package dev.perennial.lora.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.RandomTensor;
import dev.perennial.lora.adapter.LoraLayers;
import dev.perennial.lora.adapter.LoraSettings;
import dev.perennial.lora.adapter.LoraWeights;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RowAdaptersTest {
    private static final int T = 3;
    private static final int IN = 5;
    private static final int OUT = 4;

    private final PtNDManager memory = Torch.memory();
    private final Random random = new Random(1);
    private final Linear linear = new Linear("layer.q", "q", new DenseMatrix(array(OUT, IN)), null);
    private final LoraLayers narrow = layers(1);
    private final LoraLayers wide = layers(3);

    @BeforeEach
    void inference() {
        Torch.inference();
    }

    @AfterEach
    void free() {
        memory.close();
    }

    private PtNDArray array(long... shape) {
        return Torch.floats(memory, numbers(shape), shape);
    }

    private float[] numbers(long... shape) {
        return RandomTensor.values(random, shape);
    }

    private LoraLayers layers(int rank) {
        TreeMap<String, Tensor> tensors = new TreeMap<>();
        tensors.put("layer.q" + LoraWeights.A, Tensor.of(numbers(rank, IN), rank, IN));
        tensors.put("layer.q" + LoraWeights.B, Tensor.of(numbers(OUT, rank), OUT, rank));
        return new LoraLayers(memory, new LoraWeights(LoraSettings.of(rank, 2, "q"), tensors));
    }

    private float[] row(PtNDArray array, int row) {
        return JniUtils.slice(array, 0, row, row + 1L, 1).toFloatArray();
    }

    private void assertEachAsAlone(List<Adapter> rows, RowAdapters adapters) {
        PtNDArray x = array(rows.size(), T, IN);
        PtNDArray found = linear.apply(adapters, x);
        for (int i = 0; i < rows.size(); i++) {
            PtNDArray alone = linear.apply(rows.get(i), JniUtils.slice(x, 0, i, i + 1L, 1));
            assertThat(row(found, i)).containsExactly(alone.toFloatArray(), within(1e-5f));
        }
    }

    @Test
    void everyRowGetsWhatItsAdapterGivesItAlone() {
        List<Adapter> rows = List.of(wide, wide, Adapter.NONE, narrow, wide, narrow);
        RowAdapters adapters = new RowAdapters(rows);
        assertEachAsAlone(rows, adapters);
        adapters.keep(5, 2, 0);
        assertEachAsAlone(List.of(narrow, Adapter.NONE, wide), adapters);
        adapters.keep(1);
        assertEachAsAlone(List.of(Adapter.NONE), adapters);
    }

    @Test
    void aLinearThatNobodyAdaptsIsLeftAsItIs() {
        Linear other = new Linear("layer.k", "k", new DenseMatrix(array(OUT, IN)), null);
        PtNDArray x = array(2, T, IN);
        PtNDArray y = array(2, T, OUT);
        assertThat(new RowAdapters(List.of(wide, narrow)).adapt(other, x, y)).isSameAs(y);
    }

    @Test
    void anotherNumberOfRowsIsRefused() {
        RowAdapters adapters = new RowAdapters(List.of(wide, narrow));
        assertThatThrownBy(() -> linear.apply(adapters, array(3, T, IN)))
                .hasMessageContaining("3 rows have 2 adapters");
    }
}
