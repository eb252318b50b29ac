package dev.perennial.lora.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Functions of arrays in PyTorch's script language, compiled by the engine: for operations that the engine does not offer,
 * and for several at once, of which only that is kept which a gradient needs. Holds no weights, lives as long as the
 * process, as its memory does, and is safe for many threads.
 */
public final class TorchScript {
    /** A method is named by an otherwise unused argument. */
    private static final String METHOD = "module_method:";

    private final PtNDManager memory;
    private final PtSymbolBlock module;
    private final Map<String, NDArray> names = new ConcurrentHashMap<>();

    private TorchScript(PtNDManager memory, PtSymbolBlock module) {
        this.memory = memory;
        this.module = module;
    }

    /**
     * Compiles the source of methods, indented by two, each with the word {@code SELF} as its first parameter.
     *
     * @throws ai.djl.engine.EngineException if it is none
     */
    public static TorchScript of(String methods) {
        PtNDManager memory = Torch.memory();
        try {
            byte[] archive = ScriptArchive.of(methods);
            return new TorchScript(memory, JniUtils.loadModule(memory, new ByteArrayInputStream(archive), true, false));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Calls a method of arrays; the result lives in the scope of the first of them, and has a graph if the thread's mode says so. */
    public PtNDArray call(String method, PtNDArray... arguments) {
        // The optimiser compiles anew for each shape, which takes longer than it ever saves on a few operations.
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
