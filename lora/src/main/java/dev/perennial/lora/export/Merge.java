package dev.perennial.lora.export;

import dev.perennial.lora.safetensors.Tensor;

/** {@code W + s B A} (Hu et al., arXiv:2106.09685, section 4): summed in 64 bits, rounded once to 32. */
record Merge(Tensor a, Tensor b, double scale) {
    /**
     * The merged weight, a new array.
     *
     * @param weight W [out,in]; A is [R,in], B [out,R]
     */
    Tensor into(Tensor weight) {
        int rank = Math.toIntExact(a.shape().getFirst());
        int in = Math.toIntExact(a.shape().getLast());
        int out = Math.toIntExact(b.shape().getFirst());
        float[] merged = new float[out * in];
        double[] row = new double[in];
        for (int i = 0; i < out; i++) {
            for (int j = 0; j < in; j++) {
                row[j] = weight.values()[i * in + j];
            }
            for (int r = 0; r < rank; r++) {
                addTo(row, scale * b.values()[i * rank + r], r * in);
            }
            for (int j = 0; j < in; j++) {
                merged[i * in + j] = (float) row[j];
            }
        }
        return new Tensor(weight.shape(), merged);
    }

    private void addTo(double[] row, double factor, int start) {
        float[] values = a.values();
        for (int j = 0; j < row.length; j++) {
            row[j] += factor * values[start + j];
        }
    }
}
