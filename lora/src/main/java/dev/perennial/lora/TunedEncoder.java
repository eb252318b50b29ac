package dev.perennial.lora;

import dev.perennial.lora.bert.BertDirectory;
import dev.perennial.lora.bert.BertModel;
import dev.perennial.lora.bert.EmbeddedModel;
import dev.perennial.lora.export.MergeOptions;
import dev.perennial.lora.export.MergedDirectory;
import dev.perennial.lora.export.WeightChanges;
import dev.perennial.lora.safetensors.SavedDirectory;
import dev.perennial.lora.safetensors.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A classifier with an encoder of its own, which was trained itself or has a LoRA merged into it: the directory is a whole encoder in Hugging Face layout, and the head's
 * files beside it are made for that encoder. {@code TextEncoder.open(directory).classifier(directory)} reads it.
 */
final class TunedEncoder {
    private TunedEncoder() {}

    static void write(Path directory, TextEncoder encoder, ClassifierWeights weights, MergeOptions options) {
        try {
            Path scratch = Files.createTempDirectory("encoder");
            try {
                Path base = encoder.directory().orElseGet(() -> exported(encoder, scratch));
                MergedDirectory.write(
                        directory,
                        base,
                        changes(weights),
                        options,
                        staging -> writeHead(staging, encoder.id(), weights));
            } finally {
                SavedDirectory.delete(scratch);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not write " + directory, e);
        }
    }

    private static WeightChanges changes(ClassifierWeights weights) {
        return weights.trained().lora().map(WeightChanges::of).orElseGet(() -> {
            SortedMap<String, Tensor> replaced = new TreeMap<>(weights.tensors());
            replaced.keySet().removeIf(ClassifierWeights::isHead);
            return WeightChanges.replacing(replaced);
        });
    }

    private static Path exported(TextEncoder encoder, Path directory) {
        EmbeddedModel.named(encoder.id()).orElseThrow().write(directory);
        return directory;
    }

    private static void writeHead(Path staging, String id, ClassifierWeights weights) {
        try (BertModel tuned = BertDirectory.load(staging)) {
            HeadConfig config = HeadConfig.of(id, tuned, weights.labels(), weights.temperature());
            ClassifierDirectory.writeHead(staging, config, weights);
        }
    }
}
