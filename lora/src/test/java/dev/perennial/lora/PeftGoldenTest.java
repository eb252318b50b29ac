package dev.perennial.lora;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class PeftGoldenTest {
    private record Golden(List<String> texts, List<float[]> embeddings, List<float[]> logits) {}

    @ParameterizedTest
    @CsvSource({"tiny-bert", "all-minilm-l6-v2"})
    void vectorsAndLogitsAreThoseOfTransformersAndPeft(String name) throws IOException {
        Assumptions.assumeTrue(
                name.equals("tiny-bert") || PeftGoldenTest.class.getResource("/" + name + ".onnx") != null,
                "a light bundle of gpu-check leaves out the jar with this model");
        Golden golden = golden(name);
        String base = name.equals("tiny-bert") ? Fixtures.tinyBert().toString() : name;
        try (TextEncoder encoder = TextEncoder.open(base);
                TextClassifier classifier = GoldenFiles.adapted(encoder)) {
            float[][] embeddings = encoder.embed(golden.texts);
            List<Classification> answers = classifier.classify(golden.texts);
            for (int i = 0; i < golden.texts.size(); i++) {
                GoldenDifference.check("vectors", embeddings[i], golden.embeddings.get(i), 1e-5);
                GoldenDifference.check("logits", answers.get(i).logits(), golden.logits.get(i), 1e-4);
            }
        }
    }

    private static Golden golden(String name) throws IOException {
        try (InputStream json = PeftGoldenTest.class.getResourceAsStream("/golden/" + name + ".json")) {
            return JsonMapper.shared().readValue(json, Golden.class);
        }
    }
}
