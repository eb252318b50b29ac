package dev.perennial.lora;

import dev.perennial.lora.adapter.LoraDirectory;
import dev.perennial.lora.adapter.TaskType;
import dev.perennial.lora.adapter.TuningMethod;
import dev.perennial.lora.bert.BertWeights;
import dev.perennial.lora.export.MergeOptions;
import dev.perennial.lora.safetensors.Replacement;
import dev.perennial.lora.safetensors.SafetensorsFile;
import dev.perennial.lora.safetensors.SafetensorsWriter;
import dev.perennial.lora.safetensors.SavedDirectory;
import dev.perennial.lora.safetensors.Tensor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A classifier as Python's peft loads it: {@code adapter_config.json} and {@code adapter_model.safetensors} are a pure
 * LoRA over transformers' BertModel; {@code classifier.safetensors} and {@code classifier.json} hold the head, which is
 * applied to the pooled, normalised vector (docs/adr/0003-classification-head.md).
 */
final class ClassifierDirectory {
    static final String HEAD = "classifier.safetensors";
    static final String HEAD_CONFIG = "classifier.json";

    private static final Set<String> FILES = Stream.concat(LoraDirectory.FILES.stream(), Stream.of(HEAD, HEAD_CONFIG))
            .collect(Collectors.toUnmodifiableSet());
    private static final SortedMap<String, String> METADATA = new TreeMap<>(Map.of("format", "pt"));

    private ClassifierDirectory() {}

    /**
     * Writes a classifier, reads it again and compares, all before it is in its place: {@link SavedDirectory}. An existing
     * directory is replaced if it holds nothing but a classifier or an adapter.
     */
    static void write(Path directory, TextEncoder encoder, ClassifierWeights weights) {
        Trained trained = weights.trained();
        if (trained.method() instanceof TuningMethod.Full) {
            TunedEncoder.write(directory, encoder, weights, MergeOptions.defaults());
            return;
        }
        BertWeights base = encoder.model().weights();
        SavedDirectory.write(directory, FILES, staging -> {
            if (!(trained.method() instanceof TuningMethod.HeadOnly)) {
                AdapterDirectory.write(staging, trained, base, encoder.reference(), TaskType.FEATURE_EXTRACTION);
            }
            writeHead(staging, HeadConfig.of(encoder, weights.labels(), weights.temperature()), weights);
        });
    }

    /** Writes the head's files alone, reads them again and compares. */
    static void writeHead(Path directory, HeadConfig config, ClassifierWeights weights) {
        SortedMap<String, Tensor> head = new TreeMap<>(Map.of(
                ClassifierWeights.HEAD_WEIGHT, weights.tensor(ClassifierWeights.HEAD_WEIGHT),
                ClassifierWeights.HEAD_BIAS, weights.tensor(ClassifierWeights.HEAD_BIAS)));
        SafetensorsWriter.write(directory.resolve(HEAD), METADATA, head);
        byte[] json = config.write().getBytes(StandardCharsets.UTF_8);
        Replacement.write(directory.resolve(HEAD_CONFIG), out -> out.write(json));
        long width = weights.tensor(ClassifierWeights.HEAD_WEIGHT).shape().getLast();
        SortedMap<String, Tensor> found =
                readHead(directory.resolve(HEAD), config.labels().size(), width);
        if (!HeadConfig.read(directory.resolve(HEAD_CONFIG)).equals(config)
                || !found.entrySet().stream()
                        .allMatch(entry -> weights.tensor(entry.getKey()).sameAs(entry.getValue()))) {
            throw new IllegalStateException(directory + " does not hold the head that was written to it");
        }
    }

    /** Reads and checks everything against the encoder before anything native is allocated. */
    static ClassifierWeights read(Path directory, TextEncoder encoder) {
        HeadConfig head = HeadConfig.read(directory.resolve(HEAD_CONFIG));
        head.requireMadeFor(encoder, directory);
        Trained adapter = Files.exists(directory.resolve(LoraDirectory.CONFIG))
                ? AdapterDirectory.read(directory, encoder.model().weights())
                : new Trained(new TuningMethod.HeadOnly(), new TreeMap<>());
        SortedMap<String, Tensor> tensors = new TreeMap<>(adapter.tensors());
        tensors.putAll(readHead(directory.resolve(HEAD), head.labels().size(), encoder.width()));
        return new ClassifierWeights(head.labels(), head.temperature(), new Trained(adapter.method(), tensors));
    }

    private static SortedMap<String, Tensor> readHead(Path file, long labels, long width) {
        try (SafetensorsFile head = SafetensorsFile.open(file)) {
            SortedMap<String, Tensor> tensors = new TreeMap<>(Map.of(
                    ClassifierWeights.HEAD_WEIGHT, head.tensor(ClassifierWeights.HEAD_WEIGHT, labels, width),
                    ClassifierWeights.HEAD_BIAS, head.tensor(ClassifierWeights.HEAD_BIAS, labels)));
            tensors.forEach((name, tensor) -> requireFinite(tensor, file, name));
            return tensors;
        }
    }

    private static void requireFinite(Tensor tensor, Path file, String name) {
        if (!tensor.finite()) {
            throw new ModelFormatException(
                    "%s: tensor '%s' holds values that are no finite numbers".formatted(file, name));
        }
    }
}
