package dev.perennial.lora.tensor;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.safetensors.Tensor;

/** The door to the engine. Everything an operation makes lives in the memory scope of its first operand. */
public final class Torch {
    private Torch() {}

    private static final class Root {
        static final PtNDManager MEMORY = start();
        static final int THREADS = JniUtils.getNumThreads();

        private static PtNDManager start() {
            // The engine's natives are on the class path; it must neither download nor report its use.
            System.setProperty("ai.djl.offline", System.getProperty("ai.djl.offline", "true"));
            System.setProperty("OPT_OUT_TRACKING", "true");
            return (PtNDManager) Engine.getEngine("PyTorch").newBaseManager(Device.cpu());
        }
    }

    /** A scope of its own: closing it frees all that was made in it. */
    public static PtNDManager memory() {
        return within(Root.MEMORY);
    }

    /** A scope inside another one, closed with it at the latest. */
    public static PtNDManager within(PtNDManager memory) {
        return memory.newSubManager(memory.getDevice());
    }

    /** Operations of this thread record no graph from here on. The engine's default differs from thread to thread. */
    public static void inference() {
        JniUtils.setNumThreads(Root.THREADS); // asks for the engine, which may not have been started yet
        JniUtils.setGradMode(false);
    }

    /**
     * The same for work so small that the engine's threads would wait for each other longer than they compute: this
     * thread does it alone.
     */
    public static void smallInference() {
        inference();
        JniUtils.setNumThreads(1);
    }

    /** Operations of this thread on arrays that require a gradient record the graph from here on. */
    public static void training() {
        JniUtils.setNumThreads(Root.THREADS); // asks for the engine, which may not have been started yet
        JniUtils.setGradMode(true);
    }

    /** Copies into memory that the engine aligned, which keeps results the same from run to run. */
    public static PtNDArray floats(PtNDManager memory, float[] values, long... shape) {
        try (PtNDManager staging = within(memory)) {
            PtNDArray copy = JniUtils.clone((PtNDArray) staging.create(values, new Shape(shape)));
            copy.attach(memory);
            return copy;
        }
    }

    /** The same of a tensor. */
    public static PtNDArray array(PtNDManager memory, Tensor tensor) {
        return floats(memory, tensor.values(), tensor.dimensions());
    }

    public static PtNDArray longs(PtNDManager memory, long[] values, long... shape) {
        return (PtNDArray) memory.create(values, new Shape(shape));
    }

    public static PtNDArray scalar(PtNDManager memory, double value) {
        return (PtNDArray) memory.create((float) value);
    }

    public static PtNDArray zeros(PtNDManager memory, long... shape) {
        return (PtNDArray) memory.zeros(new Shape(shape), DataType.FLOAT32);
    }

    /** A copy on the heap. */
    public static Tensor tensor(PtNDArray array) {
        return Tensor.of(array.toFloatArray(), array.getShape().getShape());
    }
}
