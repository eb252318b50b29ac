package dev.perennial.lora.device;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.cuda.CudaUtils;
import com.sun.management.OperatingSystemMXBean;
import dev.perennial.lora.half.HalfMatrix;
import dev.perennial.lora.half.HalfType;
import dev.perennial.lora.tensor.LoadedLibrary;
import dev.perennial.lora.tensor.Torch;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * What this process computes on, and with what.
 *
 * @param asked the device asked for: {@code auto}, {@code cpu}, {@code cuda:0}
 * @param device the device in use: {@code cpu}, {@code cuda:0}
 * @param note why it is not a GPU although one seems near; empty otherwise
 * @param engine name and version of the native library, {@code PyTorch 2.7.1}
 * @param flavor what that is built for, {@code cpu} or {@code cu128}
 * @param library directory that it was loaded from
 * @param bridge version of the library between Java and it, {@code DJL 0.35.1}
 * @param threads that the engine computes with on the processor
 * @param processors that the process may use
 * @param memory of the machine or container
 * @param deviceMemory of the GPU in use, where the engine can tell
 * @param gpus of the machine, by {@code nvidia-smi}
 * @param computeType of arrays and products unless said otherwise: {@code float32}
 * @param roundsProducts whether products of 32-bit arrays are made from fewer digits (TensorFloat-32), by trial
 * @param half what a trial of a linear in each 16-bit type gave: {@code available} or why not
 */
public record DeviceReport(
        String asked,
        String device,
        String note,
        String engine,
        String flavor,
        String library,
        String bridge,
        int threads,
        int processors,
        Memory memory,
        Optional<Memory> deviceMemory,
        List<Gpu> gpus,
        String computeType,
        boolean roundsProducts,
        Map<HalfType, String> half) {
    private static final String AVAILABLE = "available";

    public DeviceReport {
        gpus = List.copyOf(gpus);
        half = Map.copyOf(half);
    }

    /**
     * Of this process, now. Starts the engine if nothing has; takes milliseconds after that, and the thread records no
     * graph afterwards.
     *
     * @throws dev.perennial.lora.tensor.DeviceUnavailableException if the device asked for cannot be used
     */
    public static DeviceReport current() {
        LoadedLibrary library = Torch.library();
        Device device = Torch.device();
        List<Gpu> gpus = Gpu.all();
        Torch.inference();
        return new DeviceReport(
                Torch.choice().toString(),
                device.isGpu() ? "cuda:" + device.getDeviceId() : "cpu",
                device.isGpu() ? "" : note(library, gpus),
                library.engine().getEngineName() + " " + library.engine().getVersion(),
                library.flavor(),
                library.directory().toString(),
                "DJL " + Engine.getDjlVersion(),
                Torch.threads(),
                Runtime.getRuntime().availableProcessors(),
                hostMemory(),
                deviceMemory(device),
                gpus,
                "float32",
                rounding(),
                trials(device));
    }

    private static String note(LoadedLibrary library, List<Gpu> gpus) {
        if (library.builtForCuda()) {
            return library.refusal(0)
                    .map(reason -> "the library is built for CUDA, but cuda:0 does not answer: " + reason)
                    .orElse("there is a CUDA device, but the processor was asked for");
        }
        return gpus.isEmpty()
                ? ""
                : "there is a GPU, but the library is built without CUDA: set PYTORCH_LIBRARY_PATH and PYTORCH_FLAVOR";
    }

    private static Memory hostMemory() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new Memory(system.getTotalMemorySize(), system.getFreeMemorySize());
    }

    /** Empty on the processor, and where the engine does not find CUDA's runtime by its plain name. */
    private static Optional<Memory> deviceMemory(Device device) {
        if (!device.isGpu()) {
            return Optional.empty();
        }
        try {
            MemoryUsage usage = CudaUtils.getGpuMemory(device);
            return Optional.of(new Memory(usage.getMax(), usage.getMax() - usage.getUsed()));
        } catch (IllegalStateException | EngineException e) {
            return Optional.empty();
        }
    }

    /** 1 + 2^-12 has more digits than TensorFloat-32; times one it stays what it is, or becomes 1. */
    private static boolean rounding() {
        int n = 128; // large enough for the kernels that real products take
        float[] values = new float[n * n];
        Arrays.fill(values, 1 + 0x1p-12f);
        try (PtNDManager memory = Torch.memory()) {
            PtNDArray x = Torch.floats(memory, values, n, n);
            PtNDArray one = (PtNDArray) memory.eye(n);
            return !Arrays.equals(values, Torch.values(JniUtils.matmul(x, one)));
        }
    }

    private static Map<HalfType, String> trials(Device device) {
        Map<HalfType, String> half = new EnumMap<>(HalfType.class);
        half.put(HalfType.FLOAT16, trial(HalfType.FLOAT16));
        half.put(
                HalfType.BFLOAT16,
                device.isGpu() ? trial(HalfType.BFLOAT16) : "not tried: on some processors it ends the process");
        return half;
    }

    private static String trial(HalfType type) {
        try (PtNDManager memory = Torch.memory()) {
            HalfMatrix matrix = HalfMatrix.of(memory, Torch.floats(memory, new float[] {2, 0, 0, 4}, 2, 2), type);
            float[] y = Torch.values(matrix.apply(Torch.floats(memory, new float[] {3, 5}, 1, 2), null));
            return Arrays.equals(y, new float[] {6, 20}) ? AVAILABLE : "wrong: gives " + Arrays.toString(y);
        } catch (EngineException e) {
            return "fails: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        }
    }

    /** Names and values in the order to read them; what there is nothing to say about is left out. */
    public Map<String, String> entries() {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("device", device + " (asked for: " + asked + ")");
        if (!note.isEmpty()) {
            entries.put("note", note);
        }
        gpus.forEach(gpu -> entries.put("GPU " + gpu.index(), gpu.toString()));
        deviceMemory.ifPresent(used -> entries.put("device memory", used.toString()));
        entries.put("memory", memory.toString());
        entries.put("processors", "%d, engine threads %d".formatted(processors, threads));
        entries.put("engine", "%s, flavor %s, %s".formatted(engine, flavor, bridge));
        entries.put("library", library);
        entries.put(
                "compute type",
                computeType + (roundsProducts ? ", products rounded to TensorFloat-32" : ", products in full"));
        for (HalfType type : HalfType.values()) {
            entries.put(type.toString().toLowerCase(Locale.ROOT), half.getOrDefault(type, "not tried"));
        }
        return entries;
    }

    /** One line an entry, {@code name: value}. */
    public String text() {
        StringJoiner lines = new StringJoiner("\n");
        entries().forEach((name, value) -> lines.add(name + ": " + value));
        return lines.toString();
    }
}
