package dev.perennial.lora.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.model.ConfigJson;
import dev.perennial.lora.tensor.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class RopeTest {
    private static final int HEAD = 64;

    @Test
    void frequenciesAndLateAnglesAreThoseOfTransformersAtTheSizesOfRealModels() throws IOException {
        Path file = GoldenDecoder.directory("rotary.json");
        int cases = 0;
        for (JsonNode golden : JsonMapper.shared().readTree(Files.readAllBytes(file))) {
            int position = golden.path("position").intValue();
            DecoderConfig config = config(position + 1, golden.path("parameters"));
            float[] frequencies = Rope.frequencies(config);
            assertThat(frequencies).hasSize(HEAD / 2);
            try (PtNDManager scope = Torch.memory()) {
                Rope rope = Rope.at(scope, config, new int[][] {{position}});
                float[] cosine = rope.cosine().toFloatArray();
                float[] sine = rope.sine().toFloatArray();
                for (int i = 0; i < HEAD / 2; i++) {
                    assertClose(frequencies[i], golden.path("frequencies").path(i), 1.2e-7 * frequencies[i]);
                    assertClose(cosine[i], golden.path("cosine").path(i), 1e-5);
                    assertClose(sine[HEAD / 2 + i], golden.path("sine").path(i), 1e-5);
                    assertThat(sine[i]).isEqualTo(-sine[HEAD / 2 + i]);
                }
            }
            cases++;
        }
        assertThat(cases).isEqualTo(3);
    }

    private static void assertClose(float found, JsonNode expected, double tolerance) {
        assertThat((double) found).isCloseTo(expected.doubleValue(), within(tolerance));
    }

    private static DecoderConfig config(int positions, JsonNode parameters) {
        ObjectNode json = (ObjectNode) JsonMapper.shared().readTree("""
                {"model_type": "llama", "hidden_size": 128, "num_attention_heads": 2, "intermediate_size": 1,
                 "num_hidden_layers": 1, "vocab_size": 1}
                """);
        json.put("max_position_embeddings", positions);
        json.set("rope_parameters", parameters);
        return DecoderConfig.of(new ConfigJson(json, "config.json"));
    }
}
