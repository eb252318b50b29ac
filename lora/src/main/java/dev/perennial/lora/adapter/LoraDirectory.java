package dev.perennial.lora.adapter;

import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.model.ConfigJson;
import dev.perennial.lora.model.Linear;
import dev.perennial.lora.safetensors.Replacement;
import dev.perennial.lora.safetensors.SafetensorsFile;
import dev.perennial.lora.safetensors.SafetensorsWriter;
import dev.perennial.lora.safetensors.SavedDirectory;
import dev.perennial.lora.safetensors.Tensor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A pure LoRA adapter as peft 0.21.0 writes and loads it: {@code adapter_config.json} and
 * {@code adapter_model.safetensors}, whose names are those of the linears with {@code base_model.model.} before them.
 *
 * <p>vLLM loads one whose rank and alpha are the same everywhere. It takes no notice of {@code rank_pattern} and
 * {@code alpha_pattern} (vllm/lora/peft_helper.py): every linear is scaled by the general rank and alpha there, so an adapter
 * with patterns silently computes something else. Merge such a one ({@code MergedDirectory}) and serve the merged model.
 */
public final class LoraDirectory {
    static final String TENSORS = "adapter_model.safetensors";
    public static final String CONFIG = "adapter_config.json";

    /** All files of an adapter of any kind. */
    public static final Set<String> FILES = Set.of(CONFIG, TENSORS);

    private static final String PREFIX = "base_model.model.";
    private static final String SUFFIX = ".weight";
    private static final SortedMap<String, String> METADATA = new TreeMap<>(Map.of("format", "pt"));

    private LoraDirectory() {}

    /**
     * Writes an adapter, reads it again and compares, all before it is in its place: {@link SavedDirectory}. An existing
     * directory is replaced if it holds nothing but an adapter.
     *
     * @param linears all of the base
     */
    public static void write(Path directory, LoraWeights weights, TaskType task, BaseModel base, List<Linear> linears) {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        weights.tensors().forEach((name, tensor) -> tensors.put(PREFIX + name + SUFFIX, tensor));
        byte[] config = LoraJson.write(
                        weights.settings(), LoraJson.targets(adapted(weights, linears), linears), task, base)
                .getBytes(StandardCharsets.UTF_8);
        SavedDirectory.write(directory, FILES, staging -> {
            SafetensorsWriter.write(staging.resolve(TENSORS), METADATA, tensors);
            Replacement.write(staging.resolve(CONFIG), out -> out.write(config));
            if (!read(staging, linears).sameAs(weights)) {
                throw new IllegalStateException(staging + " does not hold what was written to it");
            }
        });
    }

    private static List<Linear> adapted(LoraWeights weights, List<Linear> linears) {
        return linears.stream()
                .filter(linear -> weights.tensors().containsKey(linear.path() + LoraWeights.A))
                .toList();
    }

    /**
     * Reads an adapter for a model and checks it before anything native is allocated. The tensors are the truth about what
     * is adapted, whatever target_modules says.
     *
     * @param linears all of the model
     * @throws ModelFormatException if it is no pure LoRA for these linears
     */
    public static LoraWeights read(Path directory, List<Linear> linears) {
        ConfigJson config = ConfigJson.read(directory.resolve(CONFIG));
        Path file = directory.resolve(TENSORS);
        try (SafetensorsFile adapter = SafetensorsFile.open(file)) {
            List<Linear> adapted = linears.stream()
                    .filter(linear -> adapter.names().contains(PREFIX + linear.path() + LoraWeights.A + SUFFIX))
                    .toList();
            if (adapted.isEmpty()) {
                throw new ModelFormatException(file + " adapts no linear of the model");
            }
            LoraSettings settings = LoraJson.read(config, LoraJson.targets(adapted, linears));
            SortedMap<String, Tensor> tensors = new TreeMap<>();
            for (Linear linear : adapted) {
                int rank = settings.rank(linear.path());
                read(adapter, file, linear.path() + LoraWeights.A, tensors, rank, linear.in());
                read(adapter, file, linear.path() + LoraWeights.B, tensors, linear.out(), rank);
            }
            requireAllRead(adapter, file, tensors);
            return new LoraWeights(settings, tensors);
        }
    }

    private static void requireAllRead(SafetensorsFile adapter, Path file, SortedMap<String, Tensor> tensors) {
        for (String name : adapter.names()) {
            boolean known = name.startsWith(PREFIX) && name.endsWith(SUFFIX);
            String stripped = known
                    ? name.substring(PREFIX.length(), Math.max(PREFIX.length(), name.length() - SUFFIX.length()))
                    : name;
            if (!tensors.containsKey(stripped)) {
                throw new ModelFormatException(
                        "%s: tensor '%s' belongs to no linear of the model that carries an adapter"
                                .formatted(file, name));
            }
        }
    }

    private static void read(
            SafetensorsFile source, Path file, String name, SortedMap<String, Tensor> tensors, long... shape) {
        Tensor tensor = source.tensor(PREFIX + name + SUFFIX, shape);
        if (!tensor.finite()) {
            throw new ModelFormatException(
                    "%s: tensor '%s' holds values that are no finite numbers".formatted(file, name));
        }
        tensors.put(name, tensor);
    }
}
