package dev.perennial.lora.quantization;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.model.BasePrecision;
import dev.perennial.lora.model.Matrix;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A frozen, quantised weight W', which is made 32 bits wide for the moment of the product and bit for bit as
 * {@link Nf4Weight#dequantize()} makes it.
 *
 * <p>Where a gradient passes, the engine's graph keeps the wide weight until the graph is freed (peft's kernels make it
 * a second time instead): compute a layer again in the backward pass, as checkpointing does, and no more than one
 * layer's weights are wide at a time.
 *
 * @param codes pairs of indices, [N/2] of bytes
 * @param scaleCodes [S,256] of bytes
 * @param scaleScales [S,1]
 * @param scaleMean []
 * @param pairs the two NF4 values of each byte, [256,2]
 * @param scales the 8-bit floats, [256,1]
 */
public record Nf4Matrix(
        int out,
        int in,
        PtNDArray codes,
        PtNDArray scaleCodes,
        PtNDArray scaleScales,
        PtNDArray scaleMean,
        PtNDArray pairs,
        PtNDArray scales)
        implements Matrix {

    /** Takes a weight [out,in] into the engine. */
    public static Nf4Matrix of(PtNDManager memory, Nf4Weight weight) {
        if (weight.shape().size() != 2) {
            throw new IllegalArgumentException("a linear's weight has two dimensions, not " + weight.shape());
        }
        int scaleBlocks = weight.scaleScales().length;
        return new Nf4Matrix(
                Math.toIntExact(weight.shape().getFirst()),
                Math.toIntExact(weight.shape().getLast()),
                bytes(memory, weight.codes()),
                bytes(memory, weight.scaleCodes()),
                Torch.floats(memory, weight.scaleScales(), scaleBlocks, 1),
                Torch.scalar(memory, weight.scaleMean()),
                Torch.floats(memory, pairTable(), 256, 2),
                Torch.floats(memory, Codebook.DYNAMIC.values(), 256, 1));
    }

    /** Quantises a weight [out,in] and takes it into the engine. */
    public static Nf4Matrix of(PtNDManager memory, Tensor weight) {
        return of(memory, Nf4Weight.quantize(weight));
    }

    private static PtNDArray bytes(PtNDManager memory, byte[] values) {
        ByteBuffer direct = ByteBuffer.allocateDirect(values.length).put(values).flip();
        try (PtNDManager staging = Torch.within(memory)) {
            PtNDArray copy = JniUtils.clone(staging.create(direct, new Shape(values.length), DataType.UINT8));
            copy.attach(memory);
            return copy;
        }
    }

    private static float[] pairTable() {
        float[] table = new float[512];
        for (int pair = 0; pair < 256; pair++) {
            table[2 * pair] = Codebook.NF4.value(pair >> 4);
            table[2 * pair + 1] = Codebook.NF4.value(pair & 15);
        }
        return table;
    }

    @Override
    public PtNDArray apply(PtNDArray x, @Nullable PtNDArray bias) {
        PtNDManager scope = x.getManager();
        try (PtNDManager temporary = Torch.within(scope)) {
            PtNDArray y = JniUtils.linear(x, wide(temporary), bias);
            y.attach(scope);
            return y;
        }
    }

    @Override
    public Tensor tensor() {
        try (PtNDManager scope = Torch.within(codes.getManager())) {
            return Torch.tensor(wide(scope));
        }
    }

    @Override
    public BasePrecision precision() {
        return BasePrecision.NF4;
    }

    /** The wide weight, [out,in]; beside it {@code scope} is left with what made it. */
    PtNDArray wide(PtNDManager scope) {
        PtNDArray byBlock = looked(scope, scaleCodes, scales, -1, Nf4Weight.SCALE_BLOCK); // [S,256]
        PtNDArray centred = JniUtils.mul(byBlock, scaleScales);
        PtNDArray flatScales = JniUtils.reshape(JniUtils.add(centred, scaleMean), new long[] {-1, 1}); // [256 S,1]
        long blocks = codes.size() / (Nf4Weight.BLOCK / 2);
        PtNDArray blockScales = JniUtils.slice(flatScales, 0, 0, blocks, 1); // [N/64,1]
        PtNDArray wide = JniUtils.mul(looked(scope, codes, pairs, -1, Nf4Weight.BLOCK), blockScales); // [N/64,64]
        long size = (long) out * in;
        PtNDArray flat = JniUtils.slice(JniUtils.reshape(wide, new long[] {-1}), 0, 0, size, 1);
        return JniUtils.reshape(flat, new long[] {out, in});
    }

    private static PtNDArray looked(PtNDManager scope, PtNDArray codes, PtNDArray table, long... shape) {
        try (PtNDManager temporary = Torch.within(scope)) {
            PtNDArray indices = JniUtils.to(codes, DataType.INT64, codes.getDevice());
            indices.attach(temporary);
            PtNDArray values = JniUtils.embedding(indices, table, false);
            values.attach(temporary);
            PtNDArray shaped = JniUtils.reshape(values, shape);
            shaped.attach(scope);
            return shaped;
        }
    }

    /** What the weight takes in the engine's memory, without its 3 KiB of tables. */
    public long bytes() {
        return codes.size() + scaleCodes.size() + 4 * scaleScales.size() + 4;
    }
}
