package dev.perennial.lora.half;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.tensor.Torch;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The compiled script, one for the whole process and safe for many threads. It holds no weights. */
final class HalfScript {
    /** A method is named by an otherwise unused argument. */
    private static final String METHOD = "module_method:";

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
        static final HalfScript INSTANCE = load();

        // Lives as long as the process, as its memory does.
        @SuppressWarnings("resource")
        private static HalfScript load() {
            PtNDManager memory = Torch.memory();
            try {
                byte[] archive = ScriptArchive.of(METHODS);
                return new HalfScript(
                        memory, JniUtils.loadModule(memory, new ByteArrayInputStream(archive), true, false));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private final PtNDManager memory;
    private final PtSymbolBlock module;
    private final Map<String, NDArray> names = new ConcurrentHashMap<>();

    private HalfScript(PtNDManager memory, PtSymbolBlock module) {
        this.memory = memory;
        this.module = module;
    }

    static HalfScript loaded() {
        return Loaded.INSTANCE;
    }

    /** A copy in 16 bits, in the scope of {@code w}. The engine's operations do not know the type; only this script does. */
    PtNDArray narrowed(PtNDArray w, HalfType type) {
        return run(type == HalfType.FLOAT16 ? "to_float16" : "to_bfloat16", w);
    }

    /** A copy of what {@link #narrowed} made, in 32 bits. */
    PtNDArray widened(PtNDArray w) {
        return run("to_float32", w);
    }

    /** {@code x w^T}, x in 32 bits and w in 16; a gradient passes to x. */
    PtNDArray linear(PtNDArray x, PtNDArray w) {
        return run("linear", x, w);
    }

    /** The result lives in the scope of the first argument. */
    private PtNDArray run(String method, PtNDArray... arguments) {
        // The optimiser compiles anew for each shape, which takes longer than it ever saves on two casts and a product.
        JniUtils.setGraphExecutorOptimize(false); // of this thread
        NDList inputs = new NDList(arguments);
        inputs.add(names.computeIfAbsent(method, this::name));
        // "Training" means only that no mode is entered in which nothing can be recorded; the thread's gradient mode
        // decides.
        return (PtNDArray) IValueUtils.forward(module, inputs, true).singletonOrThrow();
    }

    private NDArray name(String method) {
        NDArray name = Torch.scalar(memory, 0);
        name.setName(METHOD + method);
        return name;
    }
}
