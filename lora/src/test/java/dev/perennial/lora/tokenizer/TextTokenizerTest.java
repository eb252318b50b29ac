package dev.perennial.lora.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.lora.GoldenLanguage;
import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.generate.Utf8Stream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import tools.jackson.databind.json.JsonMapper;

class TextTokenizerTest {
    private static final int VOCABULARY = 400;
    static final List<String> MODELS = GoldenLanguage.NAMES;

    @TempDir
    Path directory;

    @ParameterizedTest
    @FieldSource("MODELS")
    void tokensAndTextsAreThoseOfTransformers(String name) {
        try (TextTokenizer tokenizer = TextTokenizer.open(GoldenLanguage.directory(name), VOCABULARY)) {
            for (GoldenLanguage.Text text : GoldenLanguage.of(name).texts()) {
                assertThat(tokenizer.encode(text.text())).containsExactly(array(text.tokens()));
                assertThat(tokenizer.encodeBare(text.text())).containsExactly(array(text.plain()));
                assertThat(tokenizer.decode(array(text.tokens()))).isEqualTo(text.decoded());
            }
        }
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void theTextOfTokensOneByOneIsThatOfAll(String name) {
        try (TextTokenizer tokenizer = TextTokenizer.open(GoldenLanguage.directory(name), VOCABULARY)) {
            for (GoldenLanguage.Text text : GoldenLanguage.of(name).texts()) {
                String streamed = streamed(tokenizer, array(text.tokens()));
                boolean space = name.equals("llama2"); // its decoder drops the one that its normalizer put in front
                assertThat(space ? streamed.substring(1) : streamed).isEqualTo(text.decoded());
                assertThat(space ? streamed.charAt(0) : ' ').isEqualTo(' ');
            }
        }
    }

    @Test
    void byteLevelTokensInAnyOrderStreamAsTheLibraryDecodesThem() {
        Random random = new Random(5);
        for (String name : List.of("llama3", "qwen2")) {
            try (TextTokenizer tokenizer = TextTokenizer.open(GoldenLanguage.directory(name), VOCABULARY)) {
                for (int i = 0; i < 200; i++) {
                    long[] tokens = random.longs(20, 0, 294).toArray();
                    assertThat(streamed(tokenizer, tokens)).isEqualTo(tokenizer.decode(tokens));
                }
            }
        }
    }

    private static String streamed(TextTokenizer tokenizer, long[] tokens) {
        Utf8Stream characters = new Utf8Stream();
        StringBuilder text = new StringBuilder();
        for (long token : tokens) {
            text.append(characters.append(tokenizer.bytes(token)));
        }
        return text.append(characters.end()).toString();
    }

    @Test
    void aTokenizerThatDecodesInAnUnknownWayIsRefused() throws IOException {
        refused(
                "llama2",
                "{\"type\":\"Strip\",\"content\":\" \",\"start\":1",
                "{\"type\":\"Strip\",\"content\":\" \",\"start\":2",
                "one space from the beginning");
        refused(
                "llama2",
                "\"type\":\"ByteFallback\"",
                "\"type\":\"WordPiece\",\"prefix\":\"#\",\"cleanup\":false",
                "the part 'WordPiece' is not supported");
        refused(
                "qwen2",
                "\"decoder\":{\"type\":\"ByteLevel\"",
                "\"decoder\":{\"type\":\"WordPiece\",\"prefix\":\"#\",\"cleanup\":false",
                "decoder 'WordPiece' is none");
        refused("qwen2", "\"id\":290", "\"id\":299", "has the id 299, its place in the vocabulary is 290");
    }

    private void refused(String name, String from, String to, String message) throws IOException {
        String json = JsonMapper.shared()
                .readTree(Files.readString(GoldenLanguage.directory(name).resolve("tokenizer.json")))
                .toString();
        assertThat(json).contains(from);
        Files.writeString(directory.resolve("tokenizer.json"), json.replace(from, to));
        assertThatThrownBy(() -> TextTokenizer.open(directory, VOCABULARY))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(message);
    }

    private static long[] array(List<Long> tokens) {
        return tokens.stream().mapToLong(Long::longValue).toArray();
    }
}
