package dev.perennial.lora;

import dev.perennial.lora.adapter.BaseModel;
import dev.perennial.lora.adapter.PrefixDirectory;
import dev.perennial.lora.adapter.TaskType;
import dev.perennial.lora.bert.BertDirectory;
import dev.perennial.lora.bert.BertModel;
import dev.perennial.lora.decoder.DecoderModel;
import dev.perennial.lora.decoder.GoldenDecoder;
import dev.perennial.lora.model.AttentionShape;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Writes prefixes that check_prefix.py has peft read; runs only when asked for by {@code -Dgolden.out}. */
@EnabledIfSystemProperty(named = "golden.out", matches = ".+")
class PrefixGoldenFiles {
    static final List<String> DECODERS = GoldenDecoder.NAMES;

    private final Path out = Path.of(System.getProperty("golden.out", "."));

    @ParameterizedTest
    @FieldSource("DECODERS")
    void writesThePrefixOfTheDecoder(String name) {
        try (DecoderModel model = DecoderModel.open(GoldenDecoder.directory(name))) {
            write(name, model.weights().attention(), TaskType.CAUSAL_LM);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert-sharded", "roberta", "roberta-mlm"})
    void writesThePrefixOfTheEncoder(String name) {
        Path encoder = MethodsGoldenTest.resources().resolveSibling("encoders").resolve(name);
        try (BertModel model = BertDirectory.load(encoder)) {
            write(name, model.weights().attention(), TaskType.FEATURE_EXTRACTION);
        }
    }

    private void write(String name, AttentionShape shape, TaskType task) {
        Path peft =
                MethodsGoldenTest.resources().resolve(name).resolve("prefix").resolve("adapter");
        PrefixDirectory.write(out.resolve(name), PrefixDirectory.read(peft, shape), BaseModel.named(name), task);
    }
}
