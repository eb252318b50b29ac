package dev.perennial.lora;

import dev.perennial.lora.model.Linear;
import dev.perennial.lora.safetensors.Replacement;
import dev.perennial.lora.safetensors.SafetensorsFile;
import dev.perennial.lora.safetensors.SafetensorsWriter;
import dev.perennial.lora.safetensors.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A classifier as Python's peft loads it: {@code adapter_config.json} and {@code adapter_model.safetensors} are a pure
 * LoRA over transformers' BertModel; {@code classifier.safetensors} and {@code classifier.json} hold the head, which is
 * applied to the pooled, normalised vector (docs/adr/0003-classification-head.md).
 */
final class PeftDirectory {
    static final String ADAPTER = "adapter_model.safetensors";
    static final String ADAPTER_CONFIG = "adapter_config.json";
    static final String HEAD = "classifier.safetensors";
    static final String HEAD_CONFIG = "classifier.json";

    private static final String PREFIX = "base_model.model.";
    private static final String SUFFIX = ".weight";
    private static final SortedMap<String, String> METADATA = new TreeMap<>(Map.of("format", "pt"));

    private PeftDirectory() {}

    static void write(Path directory, TextEncoder encoder, ClassifierWeights weights) {
        SortedMap<String, Tensor> adapter = new TreeMap<>();
        SortedMap<String, Tensor> head = new TreeMap<>();
        weights.tensors().forEach((name, tensor) -> {
            if (ClassifierWeights.isHead(name)) {
                head.put(name, tensor);
            } else {
                adapter.put(PREFIX + name + SUFFIX, tensor);
            }
        });
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("could not create " + directory, e);
        }
        SafetensorsWriter.write(directory.resolve(ADAPTER), METADATA, adapter);
        SafetensorsWriter.write(directory.resolve(HEAD), METADATA, head);
        write(directory.resolve(ADAPTER_CONFIG), PeftConfig.write(weights.lora(), encoder));
        write(
                directory.resolve(HEAD_CONFIG),
                HeadConfig.of(encoder, weights.labels(), weights.temperature()).write());
    }

    private static void write(Path file, String json) {
        Replacement.write(file, out -> out.write(json.getBytes(StandardCharsets.UTF_8)));
    }

    /** Reads and checks everything against the encoder before anything native is allocated. */
    static ClassifierWeights read(Path directory, TextEncoder encoder) {
        PeftConfig config = PeftConfig.read(directory.resolve(ADAPTER_CONFIG));
        HeadConfig head = HeadConfig.read(directory.resolve(HEAD_CONFIG));
        head.requireMadeFor(encoder, directory);
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        List<String> targets = readAdapter(directory.resolve(ADAPTER), encoder, config, tensors);
        readHead(directory.resolve(HEAD), encoder, head, tensors);
        LoraConfig lora = new LoraConfig(config.rank(), config.alpha(), config.dropout(), targets);
        return new ClassifierWeights(lora, head.labels(), head.temperature(), tensors);
    }

    /** The tensors are the truth about what is adapted, whatever target_modules says. */
    private static List<String> readAdapter(
            Path file, TextEncoder encoder, PeftConfig config, SortedMap<String, Tensor> tensors) {
        try (SafetensorsFile adapter = SafetensorsFile.open(file)) {
            List<Linear> adapted = encoder.model().weights().linears().stream()
                    .filter(linear -> adapter.names().contains(PREFIX + linear.path() + ClassifierWeights.A + SUFFIX))
                    .toList();
            for (Linear linear : adapted) {
                read(adapter, file, linear.path() + ClassifierWeights.A, tensors, config.rank(), linear.in());
                read(adapter, file, linear.path() + ClassifierWeights.B, tensors, linear.out(), config.rank());
            }
            for (String name : adapter.names()) {
                if (!tensors.containsKey(stripped(name))) {
                    throw new ModelFormatException("%s: tensor '%s' belongs to no linear of %s that carries an adapter"
                            .formatted(file, name, encoder.id()));
                }
            }
            return adapted.stream().map(Linear::target).distinct().toList();
        }
    }

    private static String stripped(String name) {
        boolean known = name.startsWith(PREFIX) && name.endsWith(SUFFIX);
        return known ? name.substring(PREFIX.length(), name.length() - SUFFIX.length()) : name;
    }

    private static void read(
            SafetensorsFile source, Path file, String name, SortedMap<String, Tensor> tensors, long... shape) {
        tensors.put(name, finite(source.tensor(PREFIX + name + SUFFIX, shape), file, name));
    }

    private static void readHead(Path file, TextEncoder encoder, HeadConfig config, SortedMap<String, Tensor> tensors) {
        int labels = config.labels().size();
        try (SafetensorsFile head = SafetensorsFile.open(file)) {
            Tensor weight = head.tensor(ClassifierWeights.HEAD_WEIGHT, labels, encoder.width());
            Tensor bias = head.tensor(ClassifierWeights.HEAD_BIAS, labels);
            tensors.put(ClassifierWeights.HEAD_WEIGHT, finite(weight, file, ClassifierWeights.HEAD_WEIGHT));
            tensors.put(ClassifierWeights.HEAD_BIAS, finite(bias, file, ClassifierWeights.HEAD_BIAS));
        }
    }

    private static Tensor finite(Tensor tensor, Path file, String name) {
        if (!tensor.finite()) {
            throw new ModelFormatException(
                    "%s: tensor '%s' holds values that are no finite numbers".formatted(file, name));
        }
        return tensor;
    }
}
