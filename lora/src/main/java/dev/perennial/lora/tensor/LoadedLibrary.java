package dev.perennial.lora.tensor;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.LibUtils;
import ai.djl.util.Platform;
import ai.djl.util.Utils;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * PyTorch as it is loaded into this process.
 *
 * @param directory that holds libtorch.so
 * @param flavor what it is built for: {@code cpu}, {@code cu128}
 */
public record LoadedLibrary(Engine engine, Path directory, String flavor) implements DeviceChoice.NativeLibrary {
    private static final String PATH = "PYTORCH_LIBRARY_PATH";
    private static final String FLAVOR = "PYTORCH_FLAVOR";

    /** Loads it, if it is not yet. */
    static LoadedLibrary load() {
        // The engine's natives are on the class path or at the given path; it must neither download nor report its use.
        System.setProperty("ai.djl.offline", System.getProperty("ai.djl.offline", "true"));
        System.setProperty("OPT_OUT_TRACKING", "true");
        String path = setting(PATH);
        if (!path.isEmpty() && setting(FLAVOR).isEmpty()) {
            // The engine would guess a flavor that it ships no bridge for, and fail with a null pointer.
            throw new DeviceUnavailableException(
                    "%s is set, so %s must be too: cu128 for a PyTorch for CUDA 12.8, cpu for one without CUDA"
                            .formatted(PATH, FLAVOR));
        }
        Engine engine = Engine.getEngine("PyTorch");
        Path directory = Path.of(LibUtils.getLibtorchPath());
        return new LoadedLibrary(engine, directory, flavor(path, directory));
    }

    /** A path that holds no libtorch.so is passed over by the engine without a word. */
    private static String flavor(String path, Path directory) {
        boolean given = !path.isEmpty() && !directory.startsWith(Utils.getEngineCacheDir("pytorch"));
        return given ? setting(FLAVOR) : Platform.detectPlatform("pytorch").getFlavor();
    }

    private static String setting(String name) {
        return Utils.getEnvOrSystemProperty(name, "");
    }

    @Override
    public boolean builtForCuda() {
        return Files.exists(directory.resolve(System.mapLibraryName("torch_cuda")));
    }

    /** Takes a number to the device and back: no count of devices says whether one can be used. */
    @Override
    public Optional<String> refusal(int index) {
        if (!engine.hasCapability("CUDA")) {
            return Optional.of("the library finds no device");
        }
        try (NDManager memory = engine.newBaseManager(Device.gpu(index));
                NDArray one = memory.ones(new Shape(1), DataType.FLOAT32)) {
            float back = one.toFloatArray()[0];
            return back == 1 ? Optional.empty() : Optional.of("it gave " + back + " back for 1");
        } catch (EngineException e) {
            return Optional.of(
                    String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    @Override
    public String description() {
        return "flavor %s, %s".formatted(flavor, directory);
    }
}
