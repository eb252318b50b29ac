package dev.perennial.generator.provider.openai;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * An outside LLM: {@code PERENNIAL_LLM_URL} and {@code PERENNIAL_LLM_KEY}, and {@code PERENNIAL_LLM_MODEL} where the
 * endpoint offers several.
 *
 * @param url base address of an OpenAI-compatible endpoint, such as {@code https://api.openai.com/v1}
 * @param key sent as the bearer token
 * @param model empty means: the first that the endpoint lists, or {@code gpt-4o-mini} where it is on the list
 */
@ConfigurationProperties(prefix = "perennial.llm", ignoreUnknownFields = false)
public record LlmSettings(String url, String key, String model) {
    public LlmSettings(@Nullable String url, @Nullable String key, @Nullable String model) {
        this.url = url == null ? "" : url.strip().replaceFirst("/+$", "");
        this.key = key == null ? "" : key.strip();
        this.model = model == null ? "" : model.strip();
        if (!this.url.isEmpty() && !this.url.matches("https?://\\S+")) {
            throw new IllegalArgumentException(
                    "PERENNIAL_LLM_URL must start with http:// or https://, such as https://api.openai.com/v1");
        }
    }

    public boolean configured() {
        return !url.isEmpty();
    }

    /** Never shows the key. */
    @Override
    public String toString() {
        return "LlmSettings[url=" + url + ", model=" + model + "]";
    }
}
