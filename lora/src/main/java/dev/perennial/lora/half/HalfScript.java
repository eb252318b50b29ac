package dev.perennial.lora.half;

import ai.djl.pytorch.engine.PtNDArray;
import dev.perennial.lora.tensor.TorchScript;

/** What the engine's own operations do not know: arrays of 16 bits. */
final class HalfScript {
    private static final String METHODS = """
              def to_float16(SELF,
                w: Tensor) -> Tensor:
                return torch.to(w, 5)
              def to_bfloat16(SELF,
                w: Tensor) -> Tensor:
                return torch.to(w, 15)
              def to_float32(SELF,
                w: Tensor) -> Tensor:
                return torch.to(w, 6)
              def linear(SELF,
                x: Tensor,
                w: Tensor) -> Tensor:
                narrow = torch.to(x, ops.prim.dtype(w))
                y = torch.linear(narrow, w)
                return torch.to(y, 6)
            """;

    private static final class Loaded {
        static final TorchScript SCRIPT = TorchScript.of(METHODS);
    }

    private HalfScript() {}

    /** A copy in 16 bits, in the scope of {@code w}. The engine's operations do not know the type; only this script does. */
    static PtNDArray narrowed(PtNDArray w, HalfType type) {
        return Loaded.SCRIPT.call(type == HalfType.FLOAT16 ? "to_float16" : "to_bfloat16", w);
    }

    /** A copy of what {@link #narrowed} made, in 32 bits. */
    static PtNDArray widened(PtNDArray w) {
        return Loaded.SCRIPT.call("to_float32", w);
    }

    /** {@code x w^T}, x in 32 bits and w in 16; in the scope of {@code x}, to which a gradient passes. */
    static PtNDArray linear(PtNDArray x, PtNDArray w) {
        return Loaded.SCRIPT.call("linear", x, w);
    }
}
