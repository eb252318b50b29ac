package dev.perennial.lora.decoder;

import dev.perennial.lora.adapter.BaseModel;
import dev.perennial.lora.adapter.LoraDirectory;
import dev.perennial.lora.adapter.TaskType;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Writes adapters that golden_decoder.py has peft read; runs only when asked for by {@code -Dgolden.out}. */
@EnabledIfSystemProperty(named = "golden.out", matches = ".+")
class DecoderGoldenFiles {
    static final List<String> MODELS = GoldenDecoder.NAMES;

    private final Path out = Path.of(System.getProperty("golden.out", "."));

    @ParameterizedTest
    @FieldSource("MODELS")
    void writesTheAdapterOf(String name) {
        try (DecoderModel model = DecoderModel.open(GoldenDecoder.directory(name))) {
            LoraDirectory.write(
                    out.resolve(name),
                    GoldenDecoder.adapter(name, model),
                    TaskType.CAUSAL_LM,
                    BaseModel.named(name),
                    model.weights().linears());
        }
    }
}
