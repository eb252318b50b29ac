package dev.perennial.lora;

import dev.perennial.lora.adapter.LoraSettings;
import dev.perennial.lora.bert.EmbeddedModel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Writes what golden_peft.py reads; runs only when asked for by {@code -Dgolden.out}. */
@EnabledIfSystemProperty(named = "golden.out", matches = ".+")
class GoldenFiles {
    private final Path out = Path.of(System.getProperty("golden.out", "."));

    @Test
    void writesTheTinyAdapter() {
        writeAdapter(Fixtures.tinyBert().toString(), out.resolve("tiny-bert-adapter"));
    }

    @Test
    void writesMinilmAndItsAdapter() {
        EmbeddedModel.named("all-minilm-l6-v2").orElseThrow().write(out.resolve("all-minilm-l6-v2"));
        writeAdapter("all-minilm-l6-v2", out.resolve("all-minilm-l6-v2-adapter"));
    }

    private static void writeAdapter(String base, Path directory) {
        try (TextEncoder encoder = TextEncoder.open(base);
                TextClassifier classifier = adapted(encoder)) {
            classifier.save(directory);
        }
    }

    /** The output of the feed-forward block alone is a target, which peft must not confuse with the attention's. */
    static TextClassifier adapted(TextEncoder encoder) {
        LoraSettings lora = Fixtures.dropping(4, 0.1, "query", "value", "intermediate.dense", "output.dense");
        return TextClassifier.of(encoder, Fixtures.weights(encoder, lora, Fixtures.LABELS));
    }
}
