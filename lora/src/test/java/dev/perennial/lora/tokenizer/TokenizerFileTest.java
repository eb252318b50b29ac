package dev.perennial.lora.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.perennial.lora.ModelFormatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What is refused here ended the process when the library saw it. */
class TokenizerFileTest {
    private static final int VOCABULARY = 62;

    @ParameterizedTest
    @ValueSource(strings = {"/tiny-bert/tokenizer.json", "/fuzz/bpe-tokenizer.json", "/fuzz/unigram-tokenizer.json"})
    void theCheckedCopyCutsTextsAsTheOriginalDoes(String resource) throws IOException {
        String text = "my router, is  the Café 你好 aaa";
        try (InputStream original = TokenizerFileTest.class.getResourceAsStream(resource);
                HuggingFaceTokenizer unchecked = HuggingFaceTokenizer.newInstance(original, Map.of());
                HuggingFaceTokenizer checked = open(content(resource))) {
            assertThat(checked.encode(text).getIds())
                    .isEqualTo(unchecked.encode(text).getIds())
                    .hasSizeGreaterThan(3);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "tiny-bert/tokenizer | \"unk_token\": \"[UNK]\" | \"unk_token\": \"[NO]\" | unk_token of WordPiece must be in the vocabulary",
                "tiny-bert/tokenizer | {\"SpecialToken\": {\"id\": \"[CLS]\" | {\"SpecialToken\": {\"id\": \"[NO]\" | each token among its special_tokens",
                "tiny-bert/tokenizer | \"z\": 35 | \"z\": 62 | vocab must give each token an id below 62",
                "tiny-bert/tokenizer | \"normalizer\": { | \"normalizer\": {\"type\": \"Precompiled\", \"x\": 1}, \"y\": { | 'Precompiled' is none of the supported normalizers",
                "tiny-bert/tokenizer | \"max_input_chars_per_word\": 100 | \"max_input_chars_per_word\": 999999 | from 1 to 1000",
                "tiny-bert/tokenizer | \"added_tokens\": [] | \"added_tokens\": [{\"id\": 1, \"content\": \"\"}] | content of an added token",
                "fuzz/bpe-tokenizer | \"continuing_subword_prefix\": \"\" | \"continuing_subword_prefix\": \"x\" | continuing_subword_prefix of BPE must be empty",
                "fuzz/bpe-tokenizer | \"dropout\": null | \"dropout\": 0.1 | tokens must not depend on chance",
                "fuzz/bpe-tokenizer | \"is\": 36 | \"us\": 36 | both sides and their sum in the vocabulary",
                "fuzz/bpe-tokenizer | \"normalizer\": null | \"normalizer\": {\"type\": \"Prepend\", \"prepend\": \"\"} | prepend of Prepend must be a text of 1 to 8",
                "fuzz/unigram-tokenizer | {2,} | (a+)+$ | known ones",
                "fuzz/unigram-tokenizer | \"unk_id\": 3 | \"unk_id\": null | unk_id of Unigram must be a number"
            })
    void aPartThatWouldEndTheProcessIsRefused(String resource, String from, String to, String message)
            throws IOException {
        String content = content("/" + resource + ".json");
        String flat = JsonMapper.shared()
                .readTree(content)
                .toString()
                .replace(":", ": ")
                .replace(",\"", ", \"");
        String used = content.contains(from) ? content : flat;
        assertThat(used).contains(from);
        String changed = used.replace(from, to);
        assertThatThrownBy(() -> open(changed))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(message);
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS)
    void theKnownExpressionsStandLongRuns() throws IOException {
        String content = content("/fuzz/bpe-tokenizer.json");
        for (String expression : Expressions.KNOWN) {
            String split = "{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"Split\",\"pattern\":{\"Regex\":%s},"
                            .formatted(JsonMapper.shared().writeValueAsString(expression))
                    + "\"behavior\":\"Isolated\",\"invert\":false},{\"type\":\"ByteLevel\",\"add_prefix_space\":false,"
                    + "\"trim_offsets\":true,\"use_regex\":false}]}, \"old\": {";
            try (HuggingFaceTokenizer tokenizer =
                    open(content.replaceFirst("\"pre_tokenizer\": \\{", "\"pre_tokenizer\": " + escaped(split)))) {
                for (String run : new String[] {" ", "\n", " \n", "!", "1", "\t", "'", "é"}) {
                    assertThat(tokenizer.encode(run.repeat(30_000)).getIds()).isNotEmpty();
                    assertThat(tokenizer.encode(run.repeat(30_000) + "x").getIds())
                            .isNotEmpty();
                }
            }
        }
    }

    private static String escaped(String replacement) {
        return java.util.regex.Matcher.quoteReplacement(replacement);
    }

    private static String content(String resource) throws IOException {
        try (InputStream in = TokenizerFileTest.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static HuggingFaceTokenizer open(String content) {
        return TokenizerFile.open(new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)), VOCABULARY);
    }
}
