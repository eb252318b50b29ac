package dev.perennial.lora;

import dev.perennial.lora.chat.ChatMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What golden_language.py says of one of its models.
 *
 * @param greedy the bare model's likeliest tokens after each prompt
 * @param adapted the same by the name of the adapter's directory
 */
public record GoldenLanguage(
        List<Long> stopTokens,
        List<Text> texts,
        List<Continued> greedy,
        List<Stopped> stopped,
        List<Scored> scores,
        @Nullable Chat chat,
        Map<String, List<Continued>> adapted) {
    public static final List<String> NAMES = List.of("llama3", "qwen2", "llama2");

    /**
     * What a text is cut into.
     *
     * @param plain without special tokens around it
     */
    public record Text(String text, List<Long> tokens, List<Long> plain, String decoded) {}

    public record Continued(String prompt, List<Long> tokens, List<Double> logProbabilities, String text) {}

    public record Stopped(String prompt, String stop, List<Long> tokens, String text) {}

    public record Scored(
            String prompt, String text, List<Long> tokens, List<Double> logProbabilities, double perplexity) {}

    public record Chat(List<ChatMessage> messages, List<Long> promptTokens, List<Long> tokens, String text) {}

    public static Path directory(String name) {
        try {
            return Path.of(GoldenLanguage.class.getResource("/language/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    public static GoldenLanguage of(String name) {
        try {
            return JsonMapper.shared()
                    .readValue(Files.readAllBytes(directory(name).resolve("golden.json")), GoldenLanguage.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
