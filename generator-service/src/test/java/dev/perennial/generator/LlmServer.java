package dev.perennial.generator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real HTTP server that speaks OpenAI's chat protocol and answers as told. */
public final class LlmServer implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern WISH = Pattern.compile("Write (\\d+) about (\\w+)");

    private final HttpServer server;
    private final List<Request> answered = new CopyOnWriteArrayList<>();
    private final List<Request> received = new CopyOnWriteArrayList<>();
    private volatile Function<Request, Response> behaviour = request -> utterances(request);
    private volatile List<String> models = List.of("tiny-writer");

    /** A chat request as it came. */
    public record Request(String body, String authorization, String protocol) {
        public JsonNode json() {
            return JSON.readTree(body);
        }

        public String user() {
            JsonNode messages = json().path("messages");
            return messages.get(messages.size() - 1).path("content").stringValue();
        }
    }

    /** What is sent back. */
    public record Response(int status, String body) {
        public static Response error(int status) {
            return new Response(status, "{\"error\":{\"message\":\"told to fail\",\"type\":\"test\"}}");
        }

        public static Response content(String content) {
            return content(content, 100, 50);
        }

        public static Response content(String content, int promptTokens, int completionTokens) {
            return new Response(
                    200,
                    JSON.writeValueAsString(Map.of(
                            "id",
                            "chat-1",
                            "object",
                            "chat.completion",
                            "created",
                            1,
                            "model",
                            "tiny-writer",
                            "choices",
                            List.of(Map.of(
                                    "index",
                                    0,
                                    "message",
                                    Map.of("role", "assistant", "content", content),
                                    "finish_reason",
                                    "stop")),
                            "usage",
                            Map.of(
                                    "prompt_tokens", promptTokens,
                                    "completion_tokens", completionTokens,
                                    "total_tokens", promptTokens + completionTokens))));
        }
    }

    public LlmServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/chat/completions", this::chat);
        server.createContext(
                "/v1/models",
                exchange -> send(
                        exchange,
                        new Response(
                                200,
                                JSON.writeValueAsString(Map.of(
                                        "object",
                                        "list",
                                        "data",
                                        models.stream()
                                                .map(id -> Map.of("id", id))
                                                .toList())))));
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    public void behave(Function<Request, Response> behaviour) {
        this.behaviour = behaviour;
    }

    public void offer(String... models) {
        this.models = List.of(models);
    }

    /** Requests that got their whole answer: those that are paid for. */
    public List<Request> answered() {
        return List.copyOf(answered);
    }

    public List<Request> received() {
        return List.copyOf(received);
    }

    /** As many distinct utterances as the prompt of {@link Fixtures#TEMPLATE} asks for; the same for the same request. */
    public static Response utterances(Request request) {
        Matcher wish = WISH.matcher(request.user());
        if (!wish.find()) {
            return Response.error(400);
        }
        int seed = request.json().path("seed").intValue();
        String samples = IntStream.range(0, Integer.parseInt(wish.group(1)))
                .mapToObj(i -> "{\"text\":\"%s request %d of %d\",\"label\":\"%s\"}"
                        .formatted(wish.group(2), i, seed, wish.group(2)))
                .collect(Collectors.joining(","));
        return Response.content("{\"samples\":[" + samples + "]}");
    }

    public void forget() {
        received.clear();
        answered.clear();
    }

    private void chat(HttpExchange exchange) throws IOException {
        Request request = new Request(
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                exchange.getRequestHeaders().getFirst("Authorization"),
                exchange.getProtocol());
        received.add(request);
        Response response = behaviour.apply(request);
        if (send(exchange, response) && response.status() == 200) {
            answered.add(request);
        }
    }

    private static boolean send(HttpExchange exchange, Response response) {
        try (exchange) {
            byte[] body = response.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(response.status(), body.length);
            exchange.getResponseBody().write(body);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
