package dev.perennial.lora.half;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import org.jspecify.annotations.Nullable;

/**
 * A frozen linear over a weight of 16 bits: {@code y = float32(half(x) W^T) + b}. Half the memory of 32 bits, and on a
 * device with units for it a multiple of the speed.
 *
 * <p>Shapes: x [..,in] to y [..,out], W [out,in], b [out].
 *
 * <p>Types: x, y and b in 32 bits; x is rounded to W's type before the product and the product's result is in it; the
 * engine adds up in 32 bits (on CUDA, unless its reduced-precision reduction is on, in part in 16). The gradient to x is
 * made the same way: {@code dx = float32(half(dy) W)}. W and b get none. A value of x or y beyond 65504 is infinite in
 * {@link HalfType#FLOAT16}: models trained in bfloat16 need {@link HalfType#BFLOAT16}.
 *
 * <p>Source: mixed precision as in Micikevicius et al., arXiv:1710.03740, section 3. Different: there is no wide copy of W
 * and no scaling of the loss, because W is not trained.
 *
 * <p>On the processor this is for tests: it is slower than 32 bits, and bfloat16 products on processors with AMX units
 * have ended the process.
 *
 * @param weight [out,in], of a type that no other operation takes
 */
public record HalfLinear(
        int out,
        int in,
        HalfType type,
        PtNDArray weight,
        @Nullable PtNDArray bias) {
    /**
     * Takes a weight [out,in] into the engine; the wide copy is freed.
     *
     * @param bias in 32 bits, or none
     * @throws IllegalArgumentException if a value becomes infinite in 16 bits
     */
    public static HalfLinear of(PtNDManager memory, Tensor weight, HalfType type, @Nullable PtNDArray bias) {
        long[] shape = weight.dimensions();
        if (shape.length != 2) {
            throw new IllegalArgumentException("a linear's weight has two dimensions, not " + shape.length);
        }
        if (type == HalfType.FLOAT16) {
            requireRange(weight.values());
        }
        try (PtNDManager staging = Torch.within(memory)) {
            PtNDArray wide = Torch.floats(staging, weight.values(), shape);
            PtNDArray narrow = HalfScript.narrowed(wide, type);
            narrow.attach(memory);
            return new HalfLinear(Math.toIntExact(shape[0]), Math.toIntExact(shape[1]), type, narrow, bias);
        }
    }

    private static void requireRange(float[] values) {
        for (float value : values) {
            if (Math.abs(value) >= 65520) { // from here on it rounds to infinity
                throw new IllegalArgumentException("a weight of %s is infinite in 16 bits".formatted(value));
            }
        }
    }

    /** [..,in] to [..,out], in the memory scope of {@code x}; a gradient passes to {@code x}. */
    public PtNDArray apply(PtNDArray x) {
        PtNDArray y = HalfScript.linear(x, weight);
        return bias == null ? y : JniUtils.add(y, bias);
    }

    /** The weight as it is computed with, in 32 bits, [out,in]; in {@code scope}. */
    public PtNDArray weight(PtNDManager scope) {
        PtNDArray wide = HalfScript.widened(weight);
        wide.attach(scope);
        return wide;
    }

    /** What the weight takes in the engine's memory, without the bias. */
    public long bytes() {
        return 2L * out * in;
    }
}
