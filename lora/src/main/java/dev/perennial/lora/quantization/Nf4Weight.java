package dev.perennial.lora.quantization;

import dev.perennial.lora.safetensors.Tensor;
import java.util.List;

/**
 * A weight in 4-bit NormalFloat with double quantisation, on the heap.
 *
 * <p>Source: Dettmers et al., QLoRA, arXiv:2305.14314, section 3. Row by row, each 64 weights w become the nearest
 * values of the NF4 codebook to {@code w / c}, c the largest magnitude among them. The c, less their mean m, become in
 * the same way 8-bit floats in blocks of 256 with a scale s each. Back: {@code w' = NF4[i] (D[j] s + m)}, each operation
 * rounded to 32 bits. So a weight takes {@code 4 + 8/64 + 32/(64 256) = 4.127} bits, and 4 bytes a tensor for m.
 *
 * <p>What the paper leaves open is as in bitsandbytes: D is the dynamic 8-bit map, and the first of two weights sits in
 * the high half of a byte. Its kernels may differ from this definition in the last bit: they multiply by a rounded
 * {@code 1/c}, compute D and m in 32 bits, take thresholds rounded to fewer digits, and return 16-bit floats where that
 * is the model's type.
 *
 * @param shape of the weight, row-major
 * @param codes indices into NF4, two a byte; the last block is filled up with zeros
 * @param scaleCodes indices into D, one a block of 64, filled up to a multiple of 256
 * @param scaleScales s, one for 256 blocks
 * @param scaleMean m
 */
@SuppressWarnings("ArrayRecordComponent") // half a byte for every weight of a model: copies are not affordable
public record Nf4Weight(List<Long> shape, byte[] codes, byte[] scaleCodes, float[] scaleScales, float scaleMean) {
    static final int BLOCK = 64;
    static final int SCALE_BLOCK = 256;

    public Nf4Weight {
        shape = List.copyOf(shape);
        int blocks = Math.toIntExact(Math.ceilDiv(size(shape), BLOCK));
        int scaleBlocks = Math.ceilDiv(blocks, SCALE_BLOCK);
        if (codes.length != blocks * (BLOCK / 2)
                || scaleCodes.length != scaleBlocks * SCALE_BLOCK
                || scaleScales.length != scaleBlocks) {
            throw new IllegalArgumentException("codes and scales are not those of the shape " + shape);
        }
    }

    private static long size(List<Long> shape) {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    /** Elements. */
    public long size() {
        return size(shape);
    }

    /** What the weight takes in memory. */
    public long bytes() {
        return codes.length + scaleCodes.length + 4L * scaleScales.length + 4;
    }

    /**
     * Quantises a weight.
     *
     * @throws IllegalArgumentException if it is empty or one of its values is not finite
     */
    public static Nf4Weight quantize(Tensor weight) {
        float[] values = weight.values();
        if (values.length == 0 || !weight.finite()) {
            throw new IllegalArgumentException("a weight that is empty or not finite cannot be quantised");
        }
        float[] scales = scales(values, BLOCK);
        byte[] codes = new byte[scales.length * (BLOCK / 2)];
        for (int i = 0; i < scales.length * BLOCK; i++) {
            int code = Codebook.NF4.nearest(i < values.length ? ratio(values[i], scales[i / BLOCK]) : 0);
            codes[i / 2] |= (byte) (i % 2 == 0 ? code << 4 : code);
        }
        double sum = 0;
        for (float scale : scales) {
            sum += scale;
        }
        return withScales(weight.shape(), codes, scales, (float) (sum / scales.length));
    }

    private static Nf4Weight withScales(List<Long> shape, byte[] codes, float[] scales, float mean) {
        float[] centred = new float[scales.length];
        for (int i = 0; i < scales.length; i++) {
            centred[i] = scales[i] - mean;
        }
        float[] scaleScales = scales(centred, SCALE_BLOCK);
        byte[] scaleCodes = new byte[scaleScales.length * SCALE_BLOCK];
        for (int i = 0; i < scales.length; i++) {
            scaleCodes[i] = (byte) Codebook.DYNAMIC.nearest(ratio(centred[i], scaleScales[i / SCALE_BLOCK]));
        }
        return new Nf4Weight(shape, codes, scaleCodes, scaleScales, mean);
    }

    /** The largest magnitude of each block. */
    private static float[] scales(float[] values, int block) {
        float[] scales = new float[Math.ceilDiv(values.length, block)];
        for (int i = 0; i < values.length; i++) {
            scales[i / block] = Math.max(scales[i / block], Math.abs(values[i]));
        }
        return scales;
    }

    private static float ratio(float value, float scale) {
        return scale == 0 ? 0 : value / scale;
    }

    /** The weight as 32-bit floats. */
    public Tensor dequantize() {
        float[] values = new float[Math.toIntExact(size())];
        for (int i = 0; i < values.length; i++) {
            int block = i / BLOCK;
            float scale = Codebook.DYNAMIC.value(scaleCodes[block] & 0xff) * scaleScales[block / SCALE_BLOCK];
            int pair = codes[i / 2] & 0xff;
            values[i] = Codebook.NF4.value(i % 2 == 0 ? pair >> 4 : pair & 15) * (scale + scaleMean);
        }
        return new Tensor(shape, values);
    }
}
