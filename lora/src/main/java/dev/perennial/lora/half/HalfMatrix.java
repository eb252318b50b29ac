package dev.perennial.lora.half;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.model.BasePrecision;
import dev.perennial.lora.model.Matrix;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import org.jspecify.annotations.Nullable;

/**
 * A frozen weight of 16 bits: {@code y = float32(half(x) W^T) + b}. Half the memory of 32 bits, and on a device with units
 * for it a multiple of the speed.
 *
 * <p>Shapes: x [..,in] to y [..,out], W [out,in], b [out].
 *
 * <p>Types: x, y and b in 32 bits; x is rounded to W's type before the product and the product's result is in it; the
 * engine adds up in 32 bits (on CUDA, unless its reduced-precision reduction is on, in part in 16). The gradient to x is
 * made the same way: {@code dx = float32(half(dy) W)}. W gets none. A value of x or y beyond 65504 is infinite in
 * {@link HalfType#FLOAT16}: models trained in bfloat16 need {@link HalfType#BFLOAT16}.
 *
 * <p>Source: mixed precision as in Micikevicius et al., arXiv:1710.03740, section 3. Different: there is no wide copy of W
 * and no scaling of the loss, because W is not trained.
 *
 * <p>On the processor this is slower than 32 bits, and bfloat16 products on processors with AMX units have ended the
 * process.
 *
 * @param weight [out,in], of a type that no other operation takes
 */
public record HalfMatrix(int out, int in, HalfType type, PtNDArray weight) implements Matrix {
    /** The largest value that rounds to a finite one is below it. */
    private static final float INFINITE_FROM = 65520;

    /**
     * A copy in 16 bits.
     *
     * @param wide [out,in], in 32 bits; left to its owner
     * @throws IllegalArgumentException if a value becomes infinite in 16 bits
     */
    public static HalfMatrix of(PtNDManager memory, PtNDArray wide, HalfType type) {
        long[] shape = wide.getShape().getShape();
        if (shape.length != 2) {
            throw new IllegalArgumentException("a linear's weight has two dimensions, not " + shape.length);
        }
        if (type == HalfType.FLOAT16) {
            requireRange(wide);
        }
        PtNDArray narrow = HalfScript.narrowed(wide, type);
        narrow.attach(memory);
        return new HalfMatrix(Math.toIntExact(shape[0]), Math.toIntExact(shape[1]), type, narrow);
    }

    private static void requireRange(PtNDArray wide) {
        try (PtNDManager scope = Torch.within(wide.getManager())) {
            PtNDArray absolute = JniUtils.abs(wide);
            absolute.attach(scope);
            PtNDArray largest = JniUtils.max(absolute);
            largest.attach(scope);
            float value = Torch.values(largest)[0];
            if (value >= INFINITE_FROM) {
                throw new IllegalArgumentException(
                        "a weight of %s is infinite in 16 bits; use BFLOAT16 or NF4".formatted(value));
            }
        }
    }

    /** In the memory scope of {@code x}; a gradient passes to {@code x} and to {@code bias}. */
    @Override
    public PtNDArray apply(PtNDArray x, @Nullable PtNDArray bias) {
        PtNDArray y = HalfScript.linear(x, weight);
        return bias == null ? y : JniUtils.add(y, bias);
    }

    @Override
    public Tensor tensor() {
        try (PtNDManager scope = Torch.within(weight.getManager())) {
            PtNDArray wide = HalfScript.widened(weight);
            wide.attach(scope);
            return Torch.tensor(wide);
        }
    }

    @Override
    public BasePrecision precision() {
        return type == HalfType.FLOAT16 ? BasePrecision.FLOAT16 : BasePrecision.BFLOAT16;
    }

    /** What the weight takes in the engine's memory. */
    public long bytes() {
        return 2L * out * in;
    }
}
