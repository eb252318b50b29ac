package dev.perennial.lora.decoder;

import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.model.BasePrecision;
import dev.perennial.lora.model.ConfigJson;
import dev.perennial.lora.model.Fingerprint;
import dev.perennial.lora.model.MatrixForm;
import dev.perennial.lora.model.ShardedWeights;
import dev.perennial.lora.model.WeightSource;
import dev.perennial.lora.quantization.FrozenForm;
import dev.perennial.lora.tensor.Torch;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A causal language model; closing frees it.
 *
 * @param id the last part of its directory's path
 * @param sha256 fingerprint of the weights; the same weights have the same one in whatever files they came
 */
public record DecoderModel(String id, String sha256, DecoderWeights weights, PtNDManager memory)
        implements AutoCloseable {

    /**
     * Loads a Llama or Qwen2 directory in Hugging Face layout: config.json, and model.safetensors or its shards with their
     * index. F32, F16 and BF16 become 32-bit floats without loss. If it fails, nothing stays allocated.
     *
     * @throws dev.perennial.lora.ModelFormatException if the directory holds no model of these families
     */
    public static DecoderModel open(Path directory) {
        return open(directory, UnaryOperator.identity());
    }

    /**
     * The same with other weights.
     *
     * @param change from the directory's weights to those that are loaded
     */
    public static DecoderModel open(Path directory, UnaryOperator<WeightSource> change) {
        return open(directory, change, MatrixForm.DENSE);
    }

    /**
     * The same with the weights of the layers' linears in another precision: those of {@link DecoderWeights#in}, but no two
     * of them are ever wide at the same time. Its fingerprint is that of the weights as they are in the files.
     *
     * @throws dev.perennial.lora.ModelFormatException if the directory holds no model of these families
     * @throws IllegalArgumentException if a weight is beyond the precision's range, or if the process' device cannot
     *     compute in it
     */
    public static DecoderModel open(Path directory, BasePrecision precision) {
        return open(directory, UnaryOperator.identity(), FrozenForm.of(precision));
    }

    private static DecoderModel open(Path directory, UnaryOperator<WeightSource> change, MatrixForm linears) {
        DecoderConfig config = DecoderConfig.of(ConfigJson.read(directory.resolve("config.json")));
        String id = String.valueOf(directory.toAbsolutePath().normalize().getFileName());
        PtNDManager memory = Torch.memory();
        try (ShardedWeights files = ShardedWeights.open(directory, List::of)) {
            Fingerprint fingerprint = new Fingerprint(change.apply(files));
            DecoderWeights weights = DecoderWeights.load(memory, config, fingerprint, linears);
            return new DecoderModel(id, fingerprint.sha256(), weights, memory);
        } catch (RuntimeException e) {
            memory.close();
            throw e;
        }
    }

    public DecoderConfig config() {
        return weights.config();
    }

    @Override
    public void close() {
        memory.close();
    }
}
