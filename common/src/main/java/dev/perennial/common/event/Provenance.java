package dev.perennial.common.event;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a sample came to be.
 *
 * @param origin {@code upload} for real samples, else the provider: {@code offline} or {@code openai}
 * @param generationId the generation run, for synthetic samples
 * @param template prompt template as {@code name@version}
 * @param llm the model that wrote it
 * @param callKey content address of the LLM call
 * @param strategy how the offline provider made it: {@code grammar} or {@code rewrite}
 * @param seedSamples ids of the samples shown to or rewritten by the provider
 */
public record Provenance(
        String origin,
        @Nullable String generationId,
        @Nullable String template,
        @Nullable String llm,
        @Nullable String callKey,
        @Nullable String strategy,
        List<String> seedSamples) {
    public Provenance {
        Objects.requireNonNull(origin, "origin");
        seedSamples = seedSamples == null ? List.of() : List.copyOf(seedSamples);
    }

    /** Of a sample that came through the door for real samples. */
    public static Provenance upload() {
        return new Provenance("upload", null, null, null, null, null, List.of());
    }
}
