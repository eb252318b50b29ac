package dev.perennial.lora.model;

/** The form in which the engine is to keep the weights of linears. */
@FunctionalInterface
public interface MatrixForm {
    /** As 32-bit floats. */
    MatrixForm DENSE = (weights, name, out, in) -> new DenseMatrix(weights.array(name, out, in));

    /**
     * Takes a weight [out,in] into the engine.
     *
     * @param weights where it comes from, and where it is to be kept
     */
    Matrix of(WeightArrays weights, String name, int out, int in);
}
