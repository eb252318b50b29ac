package dev.perennial.lora;

import dev.perennial.lora.adapter.LoraDirectory;
import dev.perennial.lora.adapter.TaskType;
import dev.perennial.lora.adapter.TuningMethod;
import dev.perennial.lora.bert.BertWeights;
import dev.perennial.lora.safetensors.Replacement;
import dev.perennial.lora.safetensors.SafetensorsFile;
import dev.perennial.lora.safetensors.SafetensorsWriter;
import dev.perennial.lora.safetensors.Tensor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A classifier as Python's peft loads it: {@code adapter_config.json} and {@code adapter_model.safetensors} are a pure
 * LoRA over transformers' BertModel; {@code classifier.safetensors} and {@code classifier.json} hold the head, which is
 * applied to the pooled, normalised vector (docs/adr/0003-classification-head.md).
 */
final class ClassifierDirectory {
    static final String HEAD = "classifier.safetensors";
    static final String HEAD_CONFIG = "classifier.json";

    private static final SortedMap<String, String> METADATA = new TreeMap<>(Map.of("format", "pt"));

    private ClassifierDirectory() {}

    static void write(Path directory, TextEncoder encoder, ClassifierWeights weights) {
        BertWeights base = encoder.model().weights();
        switch (weights.trained().method()) {
            case TuningMethod.Lora _, TuningMethod.Prefix _ ->
                AdapterDirectory.write(directory, weights.trained(), base, encoder.id(), TaskType.FEATURE_EXTRACTION);
            case TuningMethod.HeadOnly _ -> Replacement.createDirectory(directory);
            case TuningMethod.Full _ -> {
                TunedEncoder.write(directory, encoder, weights);
                return;
            }
        }
        writeHead(directory, HeadConfig.of(encoder, weights.labels(), weights.temperature()), weights);
    }

    /** The head's files alone. */
    static void writeHead(Path directory, HeadConfig config, ClassifierWeights weights) {
        SortedMap<String, Tensor> head = new TreeMap<>(Map.of(
                ClassifierWeights.HEAD_WEIGHT, weights.tensor(ClassifierWeights.HEAD_WEIGHT),
                ClassifierWeights.HEAD_BIAS, weights.tensor(ClassifierWeights.HEAD_BIAS)));
        SafetensorsWriter.write(directory.resolve(HEAD), METADATA, head);
        byte[] json = config.write().getBytes(StandardCharsets.UTF_8);
        Replacement.write(directory.resolve(HEAD_CONFIG), out -> out.write(json));
    }

    /** Reads and checks everything against the encoder before anything native is allocated. */
    static ClassifierWeights read(Path directory, TextEncoder encoder) {
        HeadConfig head = HeadConfig.read(directory.resolve(HEAD_CONFIG));
        head.requireMadeFor(encoder, directory);
        Trained adapter = Files.exists(directory.resolve(LoraDirectory.CONFIG))
                ? AdapterDirectory.read(directory, encoder.model().weights())
                : new Trained(new TuningMethod.HeadOnly(), new TreeMap<>());
        SortedMap<String, Tensor> tensors = new TreeMap<>(adapter.tensors());
        readHead(directory.resolve(HEAD), encoder, head, tensors);
        return new ClassifierWeights(head.labels(), head.temperature(), new Trained(adapter.method(), tensors));
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
