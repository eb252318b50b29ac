package dev.perennial.lora;

import dev.perennial.lora.adapter.LoraDirectory;
import dev.perennial.lora.adapter.LoraWeights;
import dev.perennial.lora.adapter.PrefixDirectory;
import dev.perennial.lora.adapter.PrefixWeights;
import dev.perennial.lora.adapter.TaskType;
import dev.perennial.lora.adapter.TuningMethod;
import dev.perennial.lora.bert.BertWeights;
import dev.perennial.lora.model.ConfigJson;
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
        writeMethod(directory, encoder, weights.trained());
        SortedMap<String, Tensor> head = new TreeMap<>(Map.of(
                ClassifierWeights.HEAD_WEIGHT, weights.tensor(ClassifierWeights.HEAD_WEIGHT),
                ClassifierWeights.HEAD_BIAS, weights.tensor(ClassifierWeights.HEAD_BIAS)));
        SafetensorsWriter.write(directory.resolve(HEAD), METADATA, head);
        byte[] json = HeadConfig.of(encoder, weights.labels(), weights.temperature())
                .write()
                .getBytes(StandardCharsets.UTF_8);
        Replacement.write(directory.resolve(HEAD_CONFIG), out -> out.write(json));
    }

    private static void writeMethod(Path directory, TextEncoder encoder, Trained trained) {
        BertWeights base = encoder.model().weights();
        switch (trained.method()) {
            case TuningMethod.Lora _ ->
                LoraDirectory.write(
                        directory,
                        trained.lora().orElseThrow(),
                        TaskType.FEATURE_EXTRACTION,
                        encoder.id(),
                        base.linears());
            case TuningMethod.Prefix _ ->
                PrefixDirectory.write(
                        directory,
                        new PrefixWeights(base.attention(), trained.tensor(PrefixWeights.EMBEDDINGS)),
                        encoder.id(),
                        TaskType.FEATURE_EXTRACTION);
            case TuningMethod.HeadOnly _ -> Replacement.createDirectory(directory);
            case TuningMethod.Full _ -> throw new UnsupportedOperationException("not yet");
        }
    }

    /** What an adapter directory holds beside the head. */
    private static Trained readMethod(Path directory, TextEncoder encoder) {
        BertWeights base = encoder.model().weights();
        Path config = directory.resolve(LoraDirectory.CONFIG);
        if (!Files.exists(config)) {
            return new Trained(new TuningMethod.HeadOnly(), new TreeMap<>());
        }
        if (ConfigJson.read(config).textOr("peft_type", "").equals(PrefixDirectory.TYPE)) {
            PrefixWeights prefix = PrefixDirectory.read(directory, base.attention());
            return new Trained(
                    new TuningMethod.Prefix(prefix.tokens()),
                    new TreeMap<>(Map.of(PrefixWeights.EMBEDDINGS, prefix.embeddings())));
        }
        LoraWeights lora = LoraDirectory.read(directory, base.linears());
        return new Trained(TuningMethod.lora(lora.settings()), lora.tensors());
    }

    /** Reads and checks everything against the encoder before anything native is allocated. */
    static ClassifierWeights read(Path directory, TextEncoder encoder) {
        HeadConfig head = HeadConfig.read(directory.resolve(HEAD_CONFIG));
        head.requireMadeFor(encoder, directory);
        Trained adapter = readMethod(directory, encoder);
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
