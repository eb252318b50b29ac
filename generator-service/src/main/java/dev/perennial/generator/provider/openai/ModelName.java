package dev.perennial.generator.provider.openai;

import dev.perennial.common.messaging.Faults;
import dev.perennial.generator.provider.LlmException;
import dev.perennial.generator.provider.LlmException.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The LLM's name: as configured, or the one that the endpoint offers. Asked for once. */
final class ModelName {
    private static final String USUAL = "gpt-4o-mini";
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final JsonMapper JSON = new JsonMapper();

    private final LlmSettings settings;
    private volatile @Nullable String name;

    ModelName(LlmSettings settings) {
        this.settings = settings;
        this.name = settings.model().isEmpty() ? null : settings.model();
    }

    /** The name; throws {@link LlmException} while the endpoint that should say it cannot be reached. */
    String get() {
        String known = name;
        if (known == null) {
            known = choose(offered());
            name = known;
        }
        return known;
    }

    /** An endpoint with one model needs no configuration; one with many is most likely OpenAI's own. */
    private static String choose(List<String> offered) {
        return offered.isEmpty() || offered.contains(USUAL) ? USUAL : offered.getFirst();
    }

    private List<String> offered() {
        try (HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(TIMEOUT)
                .build()) {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(URI.create(settings.url() + "/models"))
                            .timeout(TIMEOUT)
                            .header("Authorization", "Bearer " + settings.key())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() >= 500 || response.statusCode() == 429) {
                throw new LlmException(Kind.UNAVAILABLE, "the LLM endpoint answered " + response.statusCode(), null);
            }
            return response.statusCode() == 200 ? ids(response.body()) : List.of();
        } catch (IOException e) {
            throw new LlmException(Kind.UNAVAILABLE, Faults.describe(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LlmException(Kind.UNAVAILABLE, "interrupted while asking for the LLM's name", e);
        }
    }

    private static List<String> ids(String body) {
        try {
            return JSON.readTree(body)
                    .path("data")
                    .valueStream()
                    .map(model -> model.path("id"))
                    .filter(JsonNode::isString)
                    .map(JsonNode::stringValue)
                    .toList();
        } catch (JacksonException e) {
            return List.of();
        }
    }
}
