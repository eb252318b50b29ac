package dev.perennial.lora.decoder;

import dev.perennial.lora.adapter.LoraDirectory;
import dev.perennial.lora.adapter.LoraWeights;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/**
 * What golden_decoder.py says of one of its models.
 *
 * @param texts token ids
 * @param prompts tokens of each text that the loss leaves out
 * @param logits of the bare model, [V] for each token of each text
 * @param adapted the same with the adapter
 * @param greedy the adapted model's next tokens of each text
 * @param loss of the adapted model
 * @param losses before each of ten steps of AdamW
 */
public record GoldenDecoder(
        List<long[]> texts,
        List<Integer> prompts,
        List<List<float[]>> logits,
        List<List<float[]>> adapted,
        List<long[]> greedy,
        double loss,
        List<Double> losses) {
    public static final List<String> NAMES = List.of("llama", "llama3-scaled", "qwen2-tied", "qwen2-shards");

    public static Path directory(String name) {
        try {
            return Path.of(GoldenDecoder.class.getResource("/decoder/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    public static GoldenDecoder of(String name) throws IOException {
        return JsonMapper.shared()
                .readValue(Files.readAllBytes(directory(name).resolve("golden.json")), GoldenDecoder.class);
    }

    /** As peft wrote it. */
    public static LoraWeights adapter(String name, DecoderModel model) {
        return LoraDirectory.read(
                directory(name).resolve("adapter"), model.weights().linears());
    }
}
