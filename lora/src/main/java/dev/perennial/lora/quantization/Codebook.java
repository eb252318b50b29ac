package dev.perennial.lora.quantization;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Ascending values; a number is stored as the index of the nearest one. */
final class Codebook {
    /**
     * Quantiles of the normal distribution with an exact zero, scaled to [-1,1]: the 16 values of arXiv:2305.14314,
     * appendix E; each is a float written out in full.
     */
    static final Codebook NF4 = new Codebook(narrow(
            -1.0,
            -0.6961928009986877,
            -0.5250730514526367,
            -0.39491748809814453,
            -0.28444138169288635,
            -0.18477343022823334,
            -0.09105003625154495,
            0.0,
            0.07958029955625534,
            0.16093020141124725,
            0.24611230194568634,
            0.33791524171829224,
            0.44070982933044434,
            0.5626170039176941,
            0.7229568362236023,
            1.0));

    /** The 8-bit floats of the second quantisation: dynamic tree quantisation, Dettmers et al., arXiv:2110.02861. */
    static final Codebook DYNAMIC = new Codebook(dynamic());

    private final float[] values;
    private final double[] boundaries;

    private static float[] narrow(double... published) {
        float[] values = new float[published.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) published[i];
        }
        return values;
    }

    private Codebook(float[] values) {
        this.values = values;
        // Exact: the sum of two floats fits a double.
        this.boundaries = IntStream.range(1, values.length)
                .mapToDouble(i -> ((double) values[i - 1] + values[i]) / 2)
                .toArray();
    }

    /**
     * 0, 1, and for each exponent e from -6 to 0 the middles of the {@code 2^(e+6)} equal parts of
     * {@code [0.1, 1] 10^e} with both signs.
     */
    private static float[] dynamic() {
        float[] values = new float[256];
        values[0] = 1;
        int count = 2; // values[1] is 0
        for (int exponent = -6; exponent <= 0; exponent++) {
            int parts = 1 << (exponent + 6);
            for (int part = 0; part < parts; part++) {
                BigDecimal middle = new BigDecimal("0.1")
                        .add(new BigDecimal("0.9")
                                .multiply(BigDecimal.valueOf(2L * part + 1))
                                .divide(BigDecimal.valueOf(2L * parts), MathContext.UNLIMITED));
                float value = middle.scaleByPowerOfTen(exponent).floatValue();
                values[count++] = value;
                values[count++] = -value;
            }
        }
        Arrays.sort(values);
        return values;
    }

    float[] values() {
        return values.clone();
    }

    float value(int index) {
        return values[index];
    }

    /** Between two equally near ones the lower. */
    int nearest(float number) {
        int found = Arrays.binarySearch(boundaries, number);
        return found >= 0 ? found : -found - 1;
    }
}
