package dev.perennial.lora;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.bert.BertEncoder;
import dev.perennial.lora.bert.BertModel;
import dev.perennial.lora.bert.TokenBatch;
import dev.perennial.lora.model.Adapter;
import dev.perennial.lora.tensor.Torch;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Against transformers 5.18.0 by golden_encoders.py. */
class EncoderGoldenTest {
    private record Golden(List<String> texts, List<long[]> ids, List<float[]> hidden, List<float[]> embeddings) {}

    @ParameterizedTest
    @ValueSource(strings = {"roberta", "roberta-mlm", "bert-sharded", "bert-bf16", "bert-old-names"})
    void tokensHiddenStatesAndVectorsAreThoseOfTransformers(String name) throws IOException, URISyntaxException {
        Path directory = directory(name);
        Golden golden =
                JsonMapper.shared().readValue(Files.readAllBytes(directory.resolve("golden.json")), Golden.class);
        try (TextEncoder encoder = TextEncoder.open(directory.toString())) {
            List<long[]> ids = encoder.tokenize(golden.texts, 64);
            float[][] vectors = encoder.embed(golden.texts);
            float[][] hidden = hidden(encoder.model(), ids);
            for (int i = 0; i < golden.texts.size(); i++) {
                assertThat(ids.get(i)).containsExactly(golden.ids.get(i));
                GoldenDifference.check("hidden states", hidden[i], golden.hidden.get(i), 1e-4);
                GoldenDifference.check("vectors", vectors[i], golden.embeddings.get(i), 1e-4);
            }
        }
    }

    /** The last layer's output of each text's own tokens, in one padded batch. */
    private static float[][] hidden(BertModel model, List<long[]> ids) {
        Torch.inference();
        try (PtNDManager scope = Torch.within(model.memory())) {
            TokenBatch batch = TokenBatch.of(scope, model.weights().config(), ids, model.pooling());
            float[] all =
                    BertEncoder.hidden(model.weights(), Adapter.NONE, batch).toFloatArray(); // [B,T,D]
            int perText = all.length / ids.size();
            float[][] rows = new float[ids.size()][];
            for (int i = 0; i < rows.length; i++) {
                int own = ids.get(i).length * model.weights().config().width();
                rows[i] = Arrays.copyOfRange(all, i * perText, i * perText + own);
            }
            return rows;
        }
    }

    @Test
    void aRobertaTextIsCutToTheRowsThatTokensUse() throws URISyntaxException {
        for (String name : List.of("roberta", "roberta-mlm")) {
            try (TextEncoder encoder = TextEncoder.open(directory(name).toString())) {
                String text = "x ".repeat(100);
                int rows = name.equals("roberta") ? 67 - 2 : 70 - 5;
                assertThat(encoder.tokenize(List.of(text), 1000).getFirst()).hasSize(rows);
                assertThat(encoder.embed(List.of(text))[0]).hasSize(16).doesNotContain(Float.NaN);
            }
        }
    }

    private static Path directory(String name) throws URISyntaxException {
        return Path.of(EncoderGoldenTest.class.getResource("/encoders/" + name).toURI());
    }
}
