package dev.perennial.lora.half;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.GoldenDifference;
import dev.perennial.lora.RandomTensor;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against the same linear in 32 bits and against half floats made in Java. */
@Tag("golden")
class HalfMatrixTest {
    private static final int OUT = 48;
    private static final int IN = 96;

    private final PtNDManager memory = Torch.memory();

    @AfterEach
    void close() {
        Torch.inference();
        memory.close();
    }

    /** bfloat16 products on processors with AMX units have ended the process. */
    private static void onlyWhereItIsSafe(HalfType type) {
        Assumptions.assumeTrue(
                type == HalfType.FLOAT16 || Torch.device().isGpu(), "bfloat16 is computed with on CUDA alone");
    }

    private HalfMatrix half(Tensor weight, HalfType type) {
        try (PtNDManager staging = Torch.within(memory)) {
            return HalfMatrix.of(memory, Torch.array(staging, weight), type);
        }
    }

    /** One unit in the last place, relative: 2^-10 and 2^-7. */
    private static double precision(HalfType type) {
        return type == HalfType.FLOAT16 ? 0x1p-10 : 0x1p-7;
    }

    @Test
    void aWeightIsRoundedAsJavaRoundsIt() {
        Tensor weight = RandomTensor.normal(1, OUT, IN);
        HalfMatrix linear = half(weight, HalfType.FLOAT16);
        float[] expected = weight.values().clone();
        for (int i = 0; i < expected.length; i++) {
            expected[i] = Float.float16ToFloat(Float.floatToFloat16(expected[i]));
        }
        assertThat(linear.tensor().values()).containsExactly(expected);
        assertThat(linear.bytes()).isEqualTo(2 * OUT * IN);
        assertThat(linear.out()).isEqualTo(OUT);
        assertThat(linear.in()).isEqualTo(IN);
    }

    /** Only cast, which is safe everywhere. */
    @Test
    void aBfloat16IsTheNearestUpperHalfAndTheEvenOneOfTwo() {
        Tensor weight = RandomTensor.normal(8, OUT, IN);
        HalfMatrix linear = half(weight, HalfType.BFLOAT16);
        float[] expected = weight.values().clone();
        for (int i = 0; i < expected.length; i++) {
            int bits = Float.floatToRawIntBits(expected[i]);
            int rounded = bits + 0x7fff + (bits >> 16 & 1);
            expected[i] = Float.intBitsToFloat(rounded & 0xffff0000);
        }
        assertThat(linear.tensor().values()).containsExactly(expected);
    }

    @ParameterizedTest
    @EnumSource(HalfType.class)
    void outputAndGradientAreThoseOf32BitsWithinTheType(HalfType type) {
        onlyWhereItIsSafe(type);
        Tensor weight = RandomTensor.normal(2, OUT, IN);
        PtNDArray bias = Torch.floats(memory, RandomTensor.normal(3, OUT).values(), OUT);
        HalfMatrix half = half(weight, type);
        PtNDArray wide = Torch.floats(memory, weight.values(), OUT, IN);
        Torch.training();
        PtNDArray slope =
                Torch.floats(memory, RandomTensor.normal(4, 3 * 7 * OUT).values(), 3, 7, OUT);
        PtNDArray x = input();
        PtNDArray y = half.apply(x, bias);
        JniUtils.backward(y, slope, false, false);
        PtNDArray reference = input();
        PtNDArray expected = JniUtils.linear(reference, wide, bias);
        JniUtils.backward(expected, slope, false, false);

        // Rounding is independent from term to term: sums of IN products of unit variance are off by some sqrt(IN)
        // units.
        assertThat(y.getShape().getShape()).containsExactly(3, 7, OUT);
        GoldenDifference.check(
                type + " output", Torch.values(y), Torch.values(expected), 4 * precision(type) * Math.sqrt(IN));
        assertThat(Torch.values(y)).isNotEqualTo(Torch.values(expected));
        GoldenDifference.check(
                type + " gradient", gradient(x), gradient(reference), 4 * precision(type) * Math.sqrt(OUT));
        assertThat(gradient(x)).isNotEqualTo(gradient(reference));
    }

    private PtNDArray input() {
        PtNDArray x = Torch.floats(memory, RandomTensor.normal(5, 3 * 7 * IN).values(), 3, 7, IN);
        x.setRequiresGradient(true);
        return x;
    }

    private static float[] gradient(PtNDArray x) {
        try (PtNDArray gradient = JniUtils.getGradient(x)) {
            return Torch.values(gradient);
        }
    }

    @Test
    void aGradientPassesOnThroughWhatCameBefore() {
        HalfMatrix half = half(RandomTensor.normal(2, OUT, IN), HalfType.FLOAT16);
        Torch.training();
        PtNDArray a = Torch.floats(memory, RandomTensor.normal(6, IN, 4).values(), IN, 4);
        a.setRequiresGradient(true);
        PtNDArray ones = Torch.floats(memory, new float[] {1, 1, 1, 1}, 1, 4);
        PtNDArray y = half.apply(JniUtils.linear(ones, a, null), null); // [1,OUT]
        JniUtils.backward(JniUtils.sum(y), Torch.scalar(memory, 1), false, false);
        float[] gradient = gradient(a);
        assertThat(gradient).hasSize(IN * 4).doesNotContain(0f, Float.NaN);
        assertThat(gradient[0]).isEqualTo(gradient[3]);
    }

    @Test
    void nothingIsRecordedOutsideTraining() {
        HalfMatrix half = half(RandomTensor.normal(2, OUT, IN), HalfType.FLOAT16);
        Torch.inference();
        assertThat(JniUtils.requiresGrad(half.apply(input(), null))).isFalse();
    }

    @Test
    void usesLeaveNoArrayBehind() {
        HalfMatrix half = half(RandomTensor.normal(2, OUT, IN), HalfType.FLOAT16);
        int held = memory.getManagedArrays().size();
        Torch.training();
        for (int i = 0; i < 3; i++) {
            try (PtNDManager scope = Torch.within(memory)) {
                PtNDArray x = Torch.floats(scope, RandomTensor.normal(7, IN).values(), 1, IN);
                assertThat(half.apply(x, null).getManager()).isSameAs(scope);
            }
            assertThat(memory.getManagedArrays()).hasSize(held);
        }
    }

    @Test
    void whatCannotBeHeldIsRefused() {
        Tensor large = Tensor.of(new float[] {1, 65520}, 1, 2);
        assertThatThrownBy(() -> half(large, HalfType.FLOAT16))
                .hasMessage("a weight of 65520.0 is infinite in 16 bits; use BFLOAT16 or NF4");
        assertThatThrownBy(() -> half(RandomTensor.normal(1, 8), HalfType.FLOAT16))
                .hasMessage("a linear's weight has two dimensions, not 1");
    }
}
