package dev.perennial.lora.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A hub on the loopback interface with one model, {@code owner/name}; what it answers to a path can be scripted. */
final class HubServer implements AutoCloseable {
    static final String CONFIG = """
            {"model_type": "llama", "hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2,
             "intermediate_size": 8, "vocab_size": 16, "max_position_embeddings": 16, "hidden_act": "silu"}
            """;
    static final String FIRST_COMMIT = "1".repeat(40);

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Map<String, Deque<HttpHandler>> scripts = new ConcurrentHashMap<>();

    final Map<String, byte[]> files = new TreeMap<>();
    final Map<String, String> announced = new TreeMap<>();
    final List<Request> requests = Collections.synchronizedList(new ArrayList<>());
    String commit = FIRST_COMMIT;

    record Request(
            String path,
            @Nullable String authorization,
            @Nullable String range) {}

    HubServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    void put(String name, String content) {
        files.put(name, content.getBytes(StandardCharsets.UTF_8));
    }

    /** The smallest model there is. */
    HubServer withModel() {
        put("config.json", CONFIG);
        put("tokenizer.json", "{}");
        put("model.safetensors", "weights of some length, so that a part of them is a part");
        return this;
    }

    String path(String file) {
        return "/owner/name/resolve/" + commit + "/" + file;
    }

    /** The next requests of a path are answered like this, one each. */
    void next(String path, HttpHandler... handlers) {
        scripts.computeIfAbsent(path, _ -> new ArrayDeque<>()).addAll(Arrays.asList(handlers));
    }

    List<Request> requests(String path) {
        return requests.stream().filter(request -> request.path.equals(path)).toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        requests.add(new Request(
                path,
                exchange.getRequestHeaders().getFirst("Authorization"),
                exchange.getRequestHeaders().getFirst("Range")));
        Deque<HttpHandler> script = scripts.getOrDefault(path, new ArrayDeque<>());
        HttpHandler scripted = script.poll();
        if (scripted != null) {
            scripted.handle(exchange);
        } else if (path.startsWith("/api/models/owner/name/revision/")) {
            answer(exchange, 200, listing());
        } else {
            byte[] content = path.startsWith(path("")) ? files.get(path.substring(path("").length())) : null;
            file(exchange, content);
        }
    }

    private static void file(HttpExchange exchange, byte @Nullable [] content) throws IOException {
        if (content == null) {
            answer(exchange, 404, new byte[0]);
            return;
        }
        String range = exchange.getRequestHeaders().getFirst("Range");
        if (range == null) {
            answer(exchange, 200, content);
            return;
        }
        int from = Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
        exchange.getResponseHeaders()
                .set("Content-Range", "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
        answer(exchange, 206, Arrays.copyOfRange(content, from, content.length));
    }

    private byte[] listing() {
        ObjectNode json = JsonMapper.shared().createObjectNode().put("id", "owner/name");
        json.put("sha", commit);
        ArrayNode siblings = json.putArray("siblings");
        files.forEach((name, content) -> {
            String own = announced.get(name);
            siblings.add(own != null ? JsonMapper.shared().readTree(own) : announcement(name, content));
        });
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    static ObjectNode announcement(String name, byte[] content) {
        ObjectNode json = JsonMapper.shared().createObjectNode().put("rfilename", name);
        json.put("size", content.length);
        if (name.endsWith(".safetensors")) {
            json.put("blobId", "0".repeat(40)); // git's name for what points to it
            json.putObject("lfs").put("sha256", hash("SHA-256", content)).put("size", content.length);
        } else {
            byte[] head = ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII);
            byte[] blob = Arrays.copyOf(head, head.length + content.length);
            System.arraycopy(content, 0, blob, head.length, content.length);
            json.put("blobId", hash("SHA-1", blob));
        }
        return json;
    }

    private static String hash(String algorithm, byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static void answer(HttpExchange exchange, int status, byte[] content) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
            exchange.getResponseBody().write(content);
        }
    }

    static HttpHandler status(int status, String... headers) {
        return exchange -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            }
            answer(exchange, status, new byte[0]);
        };
    }

    static HttpHandler content(int status, byte[] content, String... headers) {
        return exchange -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            }
            answer(exchange, status, content);
        };
    }

    /** Announces the whole file and ends the connection after some bytes of it. */
    HttpHandler dropAfter(int bytes, String file) {
        return exchange -> drop(exchange, bytes, file);
    }

    private void drop(HttpExchange exchange, int bytes, String file) throws IOException {
        exchange.sendResponseHeaders(200, files.get(file).length);
        exchange.getResponseBody().write(files.get(file), 0, bytes);
        exchange.getResponseBody().flush();
        exchange.close();
    }

    /** Drops each connection after some bytes, and answers what was asked for from there on with another part. */
    HttpHandler dropsAndMisplaces(int bytes, String file) {
        return exchange -> {
            if (exchange.getRequestHeaders().getFirst("Range") == null) {
                drop(exchange, bytes, file);
            } else {
                exchange.getResponseHeaders().set("Content-Range", "bytes 0-9/*");
                answer(exchange, 206, Arrays.copyOf(files.get(file), 10));
            }
        };
    }

    /** Sends some bytes of the file and then nothing, and does not end the connection either. */
    HttpHandler stallAfter(int bytes, String file) {
        return exchange -> {
            exchange.sendResponseHeaders(200, files.get(file).length);
            OutputStream body = exchange.getResponseBody();
            body.write(files.get(file), 0, bytes);
            body.flush();
            try {
                closing.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        };
    }

    /** Sends a byte of the file now and then. */
    HttpHandler drip(String file) {
        return exchange -> {
            exchange.sendResponseHeaders(200, files.get(file).length);
            OutputStream body = exchange.getResponseBody();
            try {
                for (byte one : files.get(file)) {
                    body.write(one);
                    body.flush();
                    if (closing.await(50, TimeUnit.MILLISECONDS)) {
                        break;
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        };
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
