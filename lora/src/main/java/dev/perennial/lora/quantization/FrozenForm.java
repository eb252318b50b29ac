package dev.perennial.lora.quantization;

import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.half.HalfMatrix;
import dev.perennial.lora.half.HalfType;
import dev.perennial.lora.model.BasePrecision;
import dev.perennial.lora.model.DenseMatrix;
import dev.perennial.lora.model.Linear;
import dev.perennial.lora.model.Matrix;
import dev.perennial.lora.model.MatrixForm;
import dev.perennial.lora.tensor.Torch;

/** Weights of linears in the precision that is asked for. */
public final class FrozenForm {
    private FrozenForm() {}

    /**
     * For weights that are being loaded: of those that come to be in fewer than 32 bits, no more than one is wide at a time.
     *
     * @throws IllegalArgumentException if the process' device cannot compute in that precision
     */
    public static MatrixForm of(BasePrecision precision) {
        requireSafe(precision);
        return switch (precision) {
            case FLOAT32 -> MatrixForm.DENSE;
            case FLOAT16 -> half(HalfType.FLOAT16);
            case BFLOAT16 -> half(HalfType.BFLOAT16);
            case NF4 -> (weights, name, out, in) -> Nf4Matrix.of(weights.memory(), weights.tensor(name, out, in));
        };
    }

    private static MatrixForm half(HalfType type) {
        return (weights, name, out, in) -> {
            try (PtNDManager staging = Torch.within(weights.memory())) {
                return HalfMatrix.of(weights.memory(), weights.array(staging, name, out, in), type);
            }
        };
    }

    /**
     * The same linear with its weight in another precision; the bias is shared, and the wide weight is left to its owner.
     * In {@link BasePrecision#FLOAT32}, and where the precision is the weight's already, the linear itself.
     *
     * @param memory where the narrow weight is kept
     * @throws IllegalArgumentException if a weight is not finite or beyond the precision's range, if it is held in another
     *     precision below 32 bits, or if the process' device cannot compute in the one that is asked for
     */
    public static Linear of(PtNDManager memory, Linear linear, BasePrecision precision) {
        requireSafe(precision);
        BasePrecision held = linear.weight().precision();
        if (precision == held || precision == BasePrecision.FLOAT32) {
            return linear;
        }
        if (!(linear.weight() instanceof DenseMatrix dense)) {
            throw new IllegalArgumentException(
                    "the weight of %s is held in %s, which cannot become %s; open the model in one of FLOAT32 and %s"
                            .formatted(linear.path(), held, precision, precision));
        }
        Matrix narrow = switch (precision) {
            case FLOAT16 -> HalfMatrix.of(memory, dense.array(), HalfType.FLOAT16);
            case BFLOAT16 -> HalfMatrix.of(memory, dense.array(), HalfType.BFLOAT16);
            default -> Nf4Matrix.of(memory, dense.tensor());
        };
        return new Linear(linear.path(), linear.target(), narrow, linear.bias());
    }

    private static void requireSafe(BasePrecision precision) {
        if (precision == BasePrecision.BFLOAT16 && !Torch.device().isGpu()) {
            throw new IllegalArgumentException(
                    "BFLOAT16 is computed with on CUDA only: on processors with AMX units its"
                            + " products have ended the process; use FLOAT16, NF4 or FLOAT32");
        }
    }
}
