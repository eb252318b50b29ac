package dev.perennial.benchmarks.lora;

import dev.perennial.lora.safetensors.SafetensorsWriter;
import dev.perennial.lora.safetensors.Tensor;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * A model of some shape with weights drawn at random, as a directory that both sides load: what a step costs does not
 * depend on what the weights are.
 */
final class RandomModel {
    static final String TOKENIZER = "all-minilm-l6-v2-tokenizer.json";
    private static final double SPREAD = 0.02; // as in transformers' initializer_range

    private final Random random = new Random(1);
    private final Map<String, Tensor> tensors = new TreeMap<>();

    private RandomModel() {}

    /** A BERT of the size of all-MiniLM-L6-v2, with that model's tokenizer. */
    static Path encoder(Path directory) throws IOException {
        int d = 384;
        RandomModel model = new RandomModel();
        model.normal("bert.embeddings.word_embeddings.weight", 30_522, d);
        model.normal("bert.embeddings.position_embeddings.weight", 512, d);
        model.normal("bert.embeddings.token_type_embeddings.weight", 2, d);
        model.norm("bert.embeddings.LayerNorm", d);
        for (int i = 0; i < 6; i++) {
            model.encoderLayer("bert.encoder.layer." + i + ".", d, 1536);
        }
        model.write(directory, """
                {"architectures": ["BertModel"], "model_type": "bert", "hidden_act": "gelu", "hidden_size": 384,
                 "num_hidden_layers": 6, "num_attention_heads": 12, "intermediate_size": 1536, "vocab_size": 30522,
                 "max_position_embeddings": 512, "type_vocab_size": 2, "layer_norm_eps": 1e-12, "pad_token_id": 0}""");
        try (InputStream tokenizer = RandomModel.class.getClassLoader().getResourceAsStream(TOKENIZER)) {
            if (tokenizer == null) {
                throw new FileNotFoundException(TOKENIZER + " is not on the class path");
            }
            Files.copy(tokenizer, directory.resolve("tokenizer.json"));
        }
        return directory;
    }

    private void encoderLayer(String layer, int d, int f) {
        for (String projection : new String[] {"query", "key", "value"}) {
            linear(layer + "attention.self." + projection, d, d);
        }
        linear(layer + "attention.output.dense", d, d);
        norm(layer + "attention.output.LayerNorm", d);
        linear(layer + "intermediate.dense", f, d);
        linear(layer + "output.dense", d, f);
        norm(layer + "output.LayerNorm", d);
    }

    /** A Llama of 4 layers, 512 wide, 8 heads over 4 key-value heads. */
    static Path decoder(Path directory) throws IOException {
        int d = 512;
        RandomModel model = new RandomModel();
        model.normal("model.embed_tokens.weight", Workload.DECODER_VOCABULARY, d);
        for (int i = 0; i < 4; i++) {
            model.decoderLayer("model.layers." + i + ".", d, 256, 1408);
        }
        model.ones("model.norm.weight", d);
        model.normal("lm_head.weight", Workload.DECODER_VOCABULARY, d);
        model.write(directory, """
                {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu", "hidden_size": 512,
                 "num_hidden_layers": 4, "num_attention_heads": 8, "num_key_value_heads": 4,
                 "intermediate_size": 1408, "vocab_size": %d, "max_position_embeddings": 512, "rms_norm_eps": 1e-6,
                 "rope_theta": 10000.0, "tie_word_embeddings": false, "attention_bias": false, "mlp_bias": false}""".formatted(Workload.DECODER_VOCABULARY));
        Files.writeString(
                directory.resolve("tokenizer.json"), JsonMapper.shared().writeValueAsString(bytes()));
        return directory;
    }

    /** A token a byte: the library wants a tokenizer, the benchmark has tokens. */
    private static Map<String, Object> bytes() {
        Map<String, Integer> vocabulary = new TreeMap<>();
        int others = 256;
        for (int b = 0; b < 256; b++) {
            boolean printable = (b > ' ' && b < 127) || (b > 160 && b != 173);
            vocabulary.put(Character.toString(printable ? b : others++), b);
        }
        Map<String, Object> byteLevel = Map.of("type", "ByteLevel", "add_prefix_space", false, "trim_offsets", true);
        return Map.of(
                "model", Map.of("type", "BPE", "vocab", vocabulary, "merges", List.of()),
                "pre_tokenizer", byteLevel,
                "decoder", byteLevel);
    }

    private void decoderLayer(String layer, int d, int keys, int f) {
        normal(layer + "self_attn.q_proj.weight", d, d);
        normal(layer + "self_attn.k_proj.weight", keys, d);
        normal(layer + "self_attn.v_proj.weight", keys, d);
        normal(layer + "self_attn.o_proj.weight", d, d);
        normal(layer + "mlp.gate_proj.weight", f, d);
        normal(layer + "mlp.up_proj.weight", f, d);
        normal(layer + "mlp.down_proj.weight", d, f);
        ones(layer + "input_layernorm.weight", d);
        ones(layer + "post_attention_layernorm.weight", d);
    }

    private void linear(String name, int out, int in) {
        normal(name + ".weight", out, in);
        tensors.put(name + ".bias", Tensor.of(new float[out], out));
    }

    private void norm(String name, int width) {
        ones(name + ".weight", width);
        tensors.put(name + ".bias", Tensor.of(new float[width], width));
    }

    private void ones(String name, int width) {
        float[] values = new float[width];
        Arrays.fill(values, 1);
        tensors.put(name, Tensor.of(values, width));
    }

    private void normal(String name, int rows, int columns) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (SPREAD * random.nextGaussian());
        }
        tensors.put(name, Tensor.of(values, rows, columns));
    }

    private void write(Path directory, String config) throws IOException {
        Files.createDirectories(directory);
        SafetensorsWriter.write(directory.resolve("model.safetensors"), new TreeMap<>(Map.of("format", "pt")), tensors);
        // It has to be JSON before anyone else reads it.
        Files.writeString(
                directory.resolve("config.json"),
                JsonMapper.shared().readTree(config).toPrettyString());
    }
}
