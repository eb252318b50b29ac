package dev.perennial.lora.decoder;

import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.ProcessStatus;
import dev.perennial.lora.model.Chains;
import dev.perennial.lora.model.ConfigJson;
import dev.perennial.lora.model.LayerChain;
import dev.perennial.lora.model.Linear;
import dev.perennial.lora.model.TrainedPairs;
import dev.perennial.lora.model.WeightSource;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Takes one step over a long text and says how much memory that took beyond the model's. */
final class CheckpointingProcess {
    static final int TOKENS = 1_024;

    private static final String CONFIG = """
            {"model_type": "llama", "hidden_size": 256, "num_hidden_layers": 12, "num_attention_heads": 4,
             "num_key_value_heads": 2, "intermediate_size": 704, "vocab_size": 2048, "max_position_embeddings": 1024,
             "rms_norm_eps": 1e-5, "hidden_act": "silu", "tie_word_embeddings": true}
            """;

    private CheckpointingProcess() {}

    public static void main(String[] args) throws IOException {
        boolean checkpointing = Boolean.parseBoolean(args[0]);
        Path directory = Files.createDirectories(Path.of("model" + checkpointing));
        Files.writeString(directory.resolve("config.json"), CONFIG);
        DecoderConfig config = DecoderConfig.of(ConfigJson.read(directory.resolve("config.json")));
        try (PtNDManager memory = Torch.memory()) {
            DecoderWeights weights = DecoderWeights.load(memory, config, new RandomWeights());
            List<Linear> targets = weights.linears().stream()
                    .filter(linear -> List.of("q_proj", "v_proj").contains(linear.target()))
                    .toList();
            TrainedPairs adapter = new TrainedPairs(memory, targets, 0);
            step(memory, weights, adapter, 8, checkpointing);
            long loaded = ProcessStatus.residentKb();
            Files.writeString(Path.of("/proc/self/clear_refs"), "5"); // the peak starts anew
            step(memory, weights, adapter, TOKENS, checkpointing);
            System.out.println("peak " + (ProcessStatus.peakKb() - loaded));
        }
    }

    private static void step(
            PtNDManager memory, DecoderWeights weights, TrainedPairs adapter, int tokens, boolean checkpointing) {
        Random random = new Random(1);
        long[] text = random.longs(tokens, 0, weights.config().vocabulary()).toArray();
        List<CausalExample> examples = List.of(CausalExample.whole(text));
        try (PtNDManager scope = Torch.within(memory)) {
            DecoderBatch batch = DecoderBatch.of(scope, weights.config(), List.of(text));
            LayerChain chain = Decoder.chain(weights, adapter, batch);
            double loss = Chains.backward(chain, 0, chain.start(), new CausalLoss(weights, examples), checkpointing);
            System.out.println("loss " + loss);
        }
    }

    private static final class RandomWeights implements WeightSource {
        private final Random random = new Random(1);

        @Override
        public Tensor tensor(String name) {
            throw new UnsupportedOperationException("a shape is needed");
        }

        @Override
        public Tensor tensor(String name, long... shape) {
            float[] values = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
            for (int i = 0; i < values.length; i++) {
                values[i] = name.endsWith("norm.weight") ? 1 : 0.05f * (float) random.nextGaussian();
            }
            return Tensor.of(values, shape);
        }
    }
}
