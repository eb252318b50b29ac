package dev.perennial.lora.export;

import dev.perennial.lora.adapter.BaseModel;
import dev.perennial.lora.adapter.LoraDirectory;
import dev.perennial.lora.adapter.LoraSettings;
import dev.perennial.lora.adapter.LoraWeights;
import dev.perennial.lora.adapter.TaskType;
import dev.perennial.lora.bert.BertDirectory;
import dev.perennial.lora.bert.BertModel;
import dev.perennial.lora.decoder.DecoderModel;
import dev.perennial.lora.decoder.GoldenDecoder;
import dev.perennial.lora.model.Linear;
import dev.perennial.lora.model.ShardedWeights;
import dev.perennial.lora.safetensors.Tensor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What is merged in tests; with {@code -Dgolden.out} written for check_merged.py, too. */
@EnabledIfSystemProperty(named = "golden.out", matches = ".+")
class MergedExamples {
    static final List<String> ENCODERS =
            List.of("roberta", "roberta-mlm", "bert-sharded", "bert-bf16", "bert-old-names");

    static Path encoder(String name) {
        try {
            return Path.of(MergedExamples.class.getResource("/encoders/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The adapter that peft made. */
    static WeightChanges decoder(String name) {
        try (DecoderModel model = DecoderModel.open(GoldenDecoder.directory(name))) {
            return WeightChanges.of(GoldenDecoder.adapter(name, model));
        }
    }

    /** An adapter on all linears. */
    static WeightChanges encoderChanges(Path base) {
        try (BertModel model = BertDirectory.load(base)) {
            LoraSettings settings = LoraSettings.of(
                    2, 4, "query", "key", "value", "attention.output.dense", "intermediate.dense", "output.dense");
            return WeightChanges.of(
                    away(LoraWeights.fresh(settings, model.weights().linears(), 1)));
        }
    }

    /** From zero, where B starts. */
    private static LoraWeights away(LoraWeights fresh) {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        fresh.tensors().forEach((name, tensor) -> {
            Random random = new Random(name.hashCode());
            float[] values = new float[tensor.values().length];
            for (int i = 0; i < values.length; i++) {
                values[i] = 0.2f * (float) random.nextGaussian();
            }
            tensors.put(name, new Tensor(tensor.shape(), values));
        });
        return new LoraWeights(fresh.settings(), tensors);
    }

    /** A head of its own for a tied model. */
    static WeightChanges untied(Path base) {
        try (ShardedWeights weights = ShardedWeights.open(base, List::of)) {
            Tensor head = weights.tensor(MergePlan.WORDS);
            for (int i = 0; i < head.values().length; i += 3) {
                head.values()[i] += 0.5f;
            }
            return WeightChanges.replacing(Map.of(MergePlan.HEAD, head));
        }
    }

    @Test
    void write() throws IOException {
        Path out = Files.createDirectories(Path.of(System.getProperty("golden.out")));
        for (String name : GoldenDecoder.NAMES) {
            for (Precision precision : Precision.values()) {
                MergedDirectory.write(
                        out.resolve("decoder-" + name + "-" + precision),
                        GoldenDecoder.directory(name),
                        decoder(name),
                        MergeOptions.defaults().withPrecision(precision));
            }
        }
        for (String name : ENCODERS) {
            WeightChanges changes = encoderChanges(encoder(name));
            MergeOptions shards = MergeOptions.defaults().withMaxShardBytes(8000);
            MergedDirectory.write(out.resolve("encoder-" + name + "-F32"), encoder(name), changes, shards);
            try (BertModel model = BertDirectory.load(encoder(name))) {
                List<Linear> linears = model.weights().linears();
                LoraDirectory.write(
                        out.resolve("adapter-" + name),
                        changes.lora(),
                        TaskType.FEATURE_EXTRACTION,
                        BaseModel.named(name),
                        linears);
            }
        }
        Path tied = GoldenDecoder.directory("qwen2-tied");
        MergedDirectory.write(out.resolve("untied"), tied, untied(tied), MergeOptions.defaults());
    }
}
