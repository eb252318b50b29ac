package dev.perennial.standalone.client;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One method a REST operation. Answers are JSON trees: what a newer server adds is shown, not lost. Thread-safe.
 *
 * <p>Every method throws {@link RefusedException} for a 4xx or 5xx and {@link UnreachableException} when nothing answers.
 */
public final class PerennialClient implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Endpoints endpoints;
    private final HttpClient http;

    public PerennialClient(Endpoints endpoints) {
        this.endpoints = endpoints;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
    }

    public JsonNode declare(String model, String spec) {
        return send(Service.REGISTRY, "PUT", "/api/models/" + segment(model), "application/yaml", utf8(spec));
    }

    public JsonNode putTemplate(String name, String template) {
        return send(Service.GENERATOR, "PUT", "/api/templates/" + segment(name), "application/yaml", utf8(template));
    }

    public JsonNode putKnowledge(String model, String file, String content) {
        String path = "/api/models/" + segment(model) + "/knowledge/" + segment(file);
        return send(Service.GENERATOR, "PUT", path, "text/plain;charset=UTF-8", utf8(content));
    }

    public JsonNode putEvaluationSet(String model, String set, String samples, SampleFormat format) {
        String path = "/api/models/" + segment(model) + "/evaluation-sets/" + segment(set);
        return send(Service.EVALUATOR, "PUT", path, format.mediaType(), utf8(samples));
    }

    public JsonNode addSamples(String model, String samples, SampleFormat format) {
        String path = "/api/models/" + segment(model) + "/samples";
        return send(Service.SCORER, "POST", path, format.mediaType(), utf8(samples));
    }

    public JsonNode startRound(String model, boolean generate, String reason) {
        return post(
                Service.SCHEDULER,
                "/api/models/" + segment(model) + "/rounds",
                Map.of("generate", generate, "reason", reason));
    }

    /**
     * Asks the model.
     *
     * @param callerKey decides which version answers during a rollout; null for a fresh choice each time
     */
    public JsonNode predict(String model, String text, @Nullable String callerKey) {
        Map<String, String> body = callerKey == null ? Map.of("text", text) : Map.of("text", text, "key", callerKey);
        return post(Service.REGISTRY, "/v1/models/" + segment(model) + "/predict", body);
    }

    /** Says which label an answer should have had; the same label as answered confirms it. */
    public JsonNode correct(String requestId, String label) {
        return post(Service.REGISTRY, "/v1/feedback", Map.of("requestId", requestId, "label", label));
    }

    public JsonNode rate(String requestId, double rating) {
        return post(Service.REGISTRY, "/v1/feedback", Map.of("requestId", requestId, "rating", rating));
    }

    /**
     * Takes the live version back.
     *
     * @param toVersion null for the version that was live before
     */
    public JsonNode rollback(String model, @Nullable Integer toVersion, String reason) {
        Map<String, Object> body =
                toVersion == null ? Map.of("reason", reason) : Map.of("toVersion", toVersion, "reason", reason);
        return post(Service.REGISTRY, "/api/models/" + segment(model) + "/rollback", body);
    }

    /**
     * Imports an adapter that was made elsewhere; it goes into the canary.
     *
     * @param zip a PEFT directory, zipped
     */
    public JsonNode importVersion(String model, byte[] zip, String reason) {
        String path = "/api/models/" + segment(model) + "/versions?reason=" + segment(reason);
        return send(Service.REGISTRY, "POST", path, "application/zip", zip);
    }

    public JsonNode replay(String family) {
        return post(Service.REGISTRY, "/api/dead-letters/" + segment(family) + "/replay", Map.of());
    }

    public JsonNode get(Service service, String path) {
        return send(service, "GET", path, null, null);
    }

    public JsonNode post(Service service, String path, Object body) {
        return send(service, "POST", path, "application/json", JSON.writeValueAsBytes(body));
    }

    /** A value as one path segment or query value. */
    public static String segment(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private JsonNode send(
            Service service, String method, String path, @Nullable String mediaType, byte @Nullable [] body) {
        URI address = endpoints.address(service);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + path))
                .timeout(TIMEOUT)
                .header("Accept", "application/json, application/problem+json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        if (mediaType != null) {
            request.header("Content-Type", mediaType);
        }
        try {
            return answer(http.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UnreachableException(address, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnreachableException(address, e);
        }
    }

    private static JsonNode answer(HttpResponse<String> response) {
        JsonNode body = json(response.body());
        if (response.statusCode() >= 400) {
            throw new RefusedException(response.statusCode(), body);
        }
        return body;
    }

    private static JsonNode json(String body) {
        try {
            return body.isBlank() ? JSON.createObjectNode() : JSON.readTree(body);
        } catch (JacksonException e) {
            return JSON.createObjectNode().put("detail", body);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        http.close();
    }
}
