package dev.perennial.lora.tensor;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.safetensors.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The door to the engine. Everything an operation makes lives in the memory scope of its first operand, and all scopes
 * on the one device that {@link DeviceChoice} gives the process.
 */
public final class Torch {
    private static volatile @Nullable Root root;

    private Torch() {}

    /** Not a static initializer's: an error there would be the operator's once and a missing class from then on. */
    private record Root(LoadedLibrary library, DeviceChoice choice, PtNDManager memory, int threads) {
        static Root start() {
            DeviceChoice choice = DeviceChoice.of(System.getProperties(), System.getenv());
            LoadedLibrary library = LoadedLibrary.load();
            Device device = choice.resolve(library);
            PtNDManager memory = (PtNDManager) library.engine().newBaseManager(device);
            return new Root(library, choice, memory, JniUtils.getNumThreads());
        }
    }

    private static Root root() {
        Root started = root;
        return started == null ? start() : started;
    }

    private static synchronized Root start() {
        Root started = root;
        if (started == null) {
            started = Root.start();
            root = started;
        }
        return started;
    }

    /**
     * Where everything is computed, the same for the life of the process.
     *
     * @throws DeviceUnavailableException if the device asked for cannot be used
     */
    public static Device device() {
        return root().memory.getDevice();
    }

    /** The engine as it is loaded. */
    public static LoadedLibrary library() {
        return root().library;
    }

    /** What the process asked for. */
    public static DeviceChoice choice() {
        return root().choice;
    }

    /** The engine's threads on the processor. */
    public static int threads() {
        return root().threads;
    }

    /** A scope of its own: closing it frees all that was made in it. */
    public static PtNDManager memory() {
        return within(root().memory);
    }

    /** A scope inside another one, closed with it at the latest. */
    public static PtNDManager within(PtNDManager memory) {
        return memory.newSubManager(memory.getDevice());
    }

    /** Operations of this thread record no graph from here on. The engine's default differs from thread to thread. */
    public static void inference() {
        JniUtils.setNumThreads(root().threads); // asks for the engine, which may not have been started yet
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
        JniUtils.setNumThreads(root().threads); // asks for the engine, which may not have been started yet
        JniUtils.setGradMode(true);
    }

    /** Copies onto the scope's device; on the processor into memory that the engine aligned, for the same results from run to run. */
    public static PtNDArray floats(PtNDManager memory, float[] values, long... shape) {
        if (memory.getDevice().isGpu()) {
            return (PtNDArray) memory.create(values, new Shape(shape));
        }
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
        return Tensor.of(values(array), array.getShape().getShape());
    }

    /**
     * The values on the heap. From another device the engine copies them into a scope of its own within the array's, and
     * leaves that there: with an array that lives long it would stay as long.
     */
    public static float[] values(PtNDArray array) {
        if (!array.getDevice().isGpu()) {
            return array.toFloatArray();
        }
        PtNDArray copy = array.toDevice(Device.cpu(), false);
        try (PtNDManager _ = copy.getManager()) {
            return copy.toFloatArray();
        }
    }
}
