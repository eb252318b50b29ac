package dev.perennial.lora.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.RandomTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against the same made of the engine's own operations. */
class FusedTest {
    private static final int B = 2;
    private static final int H = 4;
    private static final int K = 2;
    private static final int T = 5;
    private static final int E = 8;

    private final PtNDManager memory = Torch.memory();

    @AfterEach
    void close() {
        Torch.inference();
        memory.close();
    }

    private enum Looks {
        AT_ALL,
        CAUSALLY,
        BY_MASK
    }

    @Test
    void everyKindOfAttentionHasTheOutputAndTheGradientsOfScoresAndSoftmax() {
        for (Looks looks : Looks.values()) {
            List<float[]> fused = outputAndGradients(looks, true);
            List<float[]> composed = outputAndGradients(looks, false);
            for (int i = 0; i < fused.size(); i++) {
                assertThat(fused.get(i)).as("%s %d", looks, i).containsExactly(composed.get(i), Offset.offset(2e-6f));
            }
        }
    }

    @Test
    void oneScriptServesManyThreads() throws Exception {
        List<float[]> expected = outputAndGradients(Looks.CAUSALLY, true);
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<List<float[]>>> results = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                results.add(threads.submit(() -> outputAndGradients(Looks.CAUSALLY, true)));
            }
            for (Future<List<float[]>> result : results) {
                List<float[]> arrays = result.get();
                for (int i = 0; i < expected.size(); i++) {
                    assertThat(arrays.get(i)).containsExactly(expected.get(i));
                }
            }
        }
    }

    @Test
    void aCallLeavesItsResultAndNothingElseInTheScopeOfTheFirstArgument() {
        Torch.training();
        PtNDArray q = normal(memory, 1, B, H, T, E);
        PtNDArray k = normal(memory, 2, B, K, T, E);
        PtNDArray v = normal(memory, 3, B, K, T, E);
        int before = memory.getManagedArrays().size();
        PtNDArray result = Fused.causalAttention(q, k, v);
        assertThat(result.getManager()).isSameAs(memory);
        result.close();
        assertThat(memory.getManagedArrays()).hasSize(before);
    }

    @Test
    void whatWasMadeWithoutAGraphCanBeUsedInOne() {
        Torch.inference();
        PtNDArray x = normal(memory, 1, B, T, E);
        PtNDArray w = normal(memory, 2, E);
        PtNDArray frozen = Fused.rmsNorm(x, w, Torch.scalar(memory, 1e-6));
        Torch.training();
        PtNDArray up = normal(memory, 3, B, T, E);
        up.setRequiresGradient(true);
        PtNDArray y = JniUtils.sum(Fused.swiGlu(frozen, up));
        JniUtils.backward(y, Torch.scalar(memory, 1), false, false);
        PtNDArray gradient = JniUtils.getGradient(up);
        PtNDArray expected = JniUtils.mul(frozen, JniUtils.sigmoid(frozen));
        assertThat(Torch.values(gradient)).containsExactly(Torch.values(expected), Offset.offset(1e-6f));
    }

    private List<float[]> outputAndGradients(Looks looks, boolean fused) {
        Torch.training();
        try (PtNDManager scope = Torch.within(memory)) {
            PtNDArray q = normal(scope, 1, B, H, T, E);
            PtNDArray k = normal(scope, 2, B, K, T, E);
            PtNDArray v = normal(scope, 3, B, K, T, E);
            List<PtNDArray> inputs = List.of(q, k, v);
            inputs.forEach(input -> input.setRequiresGradient(true));
            PtNDArray y = fused ? fused(scope, looks, q, k, v) : composed(scope, looks, q, k, v);
            JniUtils.backward(y, normal(scope, 4, B, T, H * E), false, false);
            List<float[]> results = new ArrayList<>();
            results.add(Torch.values(y));
            for (PtNDArray input : inputs) {
                try (PtNDArray gradient = JniUtils.getGradient(input)) {
                    results.add(Torch.values(gradient));
                }
            }
            return results;
        }
    }

    private static PtNDArray fused(PtNDManager scope, Looks looks, PtNDArray q, PtNDArray k, PtNDArray v) {
        return looks == Looks.CAUSALLY ? Fused.causalAttention(q, k, v) : Fused.attention(q, k, v, mask(scope, looks));
    }

    private static PtNDArray composed(PtNDManager scope, Looks looks, PtNDArray q, PtNDArray k, PtNDArray v) {
        PtNDArray keys = JniUtils.repeat(k, H / K, 1);
        PtNDArray values = JniUtils.repeat(v, H / K, 1);
        PtNDArray scaled = JniUtils.mul(q, Torch.scalar(scope, 1 / Math.sqrt(E)));
        PtNDArray scores = JniUtils.matmul(scaled, JniUtils.transpose(keys, 2, 3));
        PtNDArray mask = mask(scope, looks);
        PtNDArray shares = JniUtils.softmax(mask == null ? scores : JniUtils.add(scores, mask), 3, DataType.FLOAT32);
        PtNDArray heads = JniUtils.permute(JniUtils.matmul(shares, values), new long[] {0, 2, 1, 3});
        return JniUtils.reshape(heads, new long[] {B, T, H * E});
    }

    private static @Nullable PtNDArray mask(PtNDManager scope, Looks looks) {
        float[] mask = new float[B * T * T];
        for (int i = 0; i < mask.length; i++) {
            int row = i / T % T;
            int column = i % T;
            boolean hidden = looks == Looks.CAUSALLY ? column > row : i / (T * T) == 1 && column == T - 1;
            mask[i] = hidden ? -1e9f : 0;
        }
        return looks == Looks.AT_ALL ? null : Torch.floats(scope, mask, B, 1, T, T);
    }

    private static PtNDArray normal(PtNDManager scope, long seed, long... shape) {
        return Torch.floats(scope, RandomTensor.values(new Random(seed), shape), shape);
    }
}
