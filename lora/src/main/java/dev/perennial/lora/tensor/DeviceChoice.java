package dev.perennial.lora.tensor;

import ai.djl.Device;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which device a process asks for: system property {@value #PROPERTY}, else environment variable {@value #VARIABLE}, else
 * {@code auto}.
 *
 * <p>{@code auto} takes the first CUDA device if the loaded library is built for CUDA and the device answers, else the
 * processor; {@code cpu} takes the processor; {@code cuda} or {@code cuda:N} that device or nothing.
 */
public sealed interface DeviceChoice {
    String PROPERTY = "perennial.device";
    String VARIABLE = "PERENNIAL_DEVICE";

    /** The first CUDA device if it can be used, else the processor. */
    record Automatic() implements DeviceChoice {
        @Override
        public Device resolve(NativeLibrary library) {
            boolean usable = library.builtForCuda() && library.refusal(0).isEmpty();
            return usable ? Device.gpu(0) : Device.cpu();
        }

        @Override
        public String toString() {
            return "auto";
        }
    }

    /** The processor. */
    record Processor() implements DeviceChoice {
        @Override
        public Device resolve(NativeLibrary library) {
            return Device.cpu();
        }

        @Override
        public String toString() {
            return "cpu";
        }
    }

    /** A CUDA device and no other. */
    record Cuda(int index) implements DeviceChoice {
        private static final String HOW = """
                Start the process with PYTORCH_LIBRARY_PATH naming the directory that holds libtorch_cuda.so of PyTorch 2.7.1 \
                for CUDA 12.8, PYTORCH_VERSION=2.7.1 and PYTORCH_FLAVOR=cu128, or set %s to cpu or auto\
                """.formatted(VARIABLE);

        @Override
        public Device resolve(NativeLibrary library) {
            if (!library.builtForCuda()) {
                throw new DeviceUnavailableException(
                        "%s is asked for, but the loaded PyTorch library (%s) is built without CUDA. %s"
                                .formatted(this, library.description(), HOW));
            }
            library.refusal(index).ifPresent(reason -> {
                throw new DeviceUnavailableException("""
                        %s is asked for, but does not answer: %s. The PyTorch library (%s) is built for CUDA, so look at the \
                        driver: nvidia-smi must list the device, and a container must be started with access to it (--gpus all)\
                        """.formatted(this, reason, library.description()));
            });
            return Device.gpu(index);
        }

        @Override
        public String toString() {
            return "cuda:" + index;
        }
    }

    /** What a choice has to know of the native library that is loaded. */
    interface NativeLibrary {
        boolean builtForCuda();

        /** Why the CUDA device of this number cannot be used; empty if it answers. Asked only of a library for CUDA. */
        Optional<String> refusal(int index);

        /** Its flavor and where it lies, for messages. */
        String description();
    }

    /**
     * The device to compute on.
     *
     * @throws DeviceUnavailableException if it is not there
     */
    Device resolve(NativeLibrary library);

    /**
     * What a process asks for.
     *
     * @throws DeviceUnavailableException if it is none of the texts above
     */
    static DeviceChoice of(Map<?, ?> properties, Map<String, String> environment) {
        Object property = properties.get(PROPERTY);
        if (property != null) {
            return parse(property.toString(), "the system property " + PROPERTY);
        }
        return parse(environment.getOrDefault(VARIABLE, "auto"), "the environment variable " + VARIABLE);
    }

    private static DeviceChoice parse(String text, String source) {
        Matcher cuda = Pattern.compile("cuda(?::(\\d{1,3}))?").matcher(text);
        if (cuda.matches()) {
            return new Cuda(cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1)));
        }
        return switch (text) {
            case "auto", "" -> new Automatic();
            case "cpu" -> new Processor();
            default ->
                throw new DeviceUnavailableException(
                        "%s is '%s': give auto, cpu, cuda or cuda:N".formatted(source, text));
        };
    }
}
