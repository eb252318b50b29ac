package dev.perennial.lora.hub;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Asks the hub, again if need be, and follows its redirects; the token goes to the endpoint's own host only. */
final class HubClient implements AutoCloseable {
    private static final int MAX_REDIRECTS = 8;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    /** A try that brought this much more than any before was no failure: a large file may take many connections. */
    private static final long MUCH = 1 << 20;

    private final HubSettings settings;
    private final Patience patience;
    private final HttpClient http;

    HubClient(HubSettings settings, Patience patience) {
        this.settings = settings;
        this.patience = patience;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1) // one file at a time gains nothing from streams
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.timeout())
                .build();
    }

    /** What is made of an answer; an IOException means that asking again may help. */
    @FunctionalInterface
    interface Reader<T> {
        T read(Answer answer) throws IOException;
    }

    /** A small answer as a whole. */
    byte[] read(String path, int maxBytes) {
        return get(path, () -> 0, answer -> {
            requireSuccess(answer, path);
            byte[] bytes = answer.body().readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                throw new HubException("the answer to " + path + " is longer than " + maxBytes + " bytes");
            }
            return bytes;
        });
    }

    /**
     * Asks until the reader is content.
     *
     * @param path after the endpoint
     * @param offset how many bytes of it are here already; asked for before each try
     */
    <T> T get(String path, LongSupplier offset, Reader<T> reader) {
        long most = offset.getAsLong();
        for (int failure = 1; ; failure++) {
            Failure last;
            try (Answer answer = open(URI.create(settings.endpoint() + path), offset.getAsLong())) {
                if (!answer.passing()) {
                    return reader.read(answer);
                }
                last = new Failure(
                        "it answered " + answer.status(),
                        answer.retryAfter(patience.now()).orElse(null),
                        null);
            } catch (IOException e) {
                last = new Failure(Objects.requireNonNullElse(e.getMessage(), e.toString()), null, e);
            }
            if (offset.getAsLong() - most >= MUCH) {
                most = offset.getAsLong();
                failure = 1;
            }
            await(path, failure, last);
        }
    }

    private record Failure(
            String reason,
            @Nullable Duration retryAfter,
            @Nullable IOException cause) {}

    private void await(String path, int failure, Failure last) {
        Optional<Duration> time = Patience.after(failure, last.retryAfter());
        if (failure >= settings.tries() || time.isEmpty()) {
            throw new HubException(
                    "%s cannot be had from %s after %d tries: %s. What came is kept; try again later"
                            .formatted(path, settings.endpoint(), failure, last.reason()),
                    last.cause());
        }
        patience.sleep(time.get());
    }

    private Answer open(URI start, long offset) throws IOException {
        URI uri = start;
        for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
            Answer answer = send(uri, offset);
            if (!REDIRECTS.contains(answer.status())) {
                return answer;
            }
            answer.close();
            uri = target(uri, answer.header("Location"));
        }
        throw new HubException(start + " is redirected more than " + MAX_REDIRECTS + " times");
    }

    static URI target(URI from, String location) {
        try {
            URI to = from.resolve(location);
            boolean http = "http".equalsIgnoreCase(to.getScheme()) && "http".equalsIgnoreCase(from.getScheme());
            if (!location.isEmpty() && to.getHost() != null && (http || "https".equalsIgnoreCase(to.getScheme()))) {
                return to;
            }
        } catch (IllegalArgumentException e) {
            throw new HubException(from.getHost() + " redirects to something that is no address", e);
        }
        throw new HubException(
                from.getHost() + " redirects to something that is no address, or one without encryption");
    }

    private Answer send(URI uri, long offset) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(settings.timeout())
                .header("User-Agent", "perennial-lora")
                .header("Accept-Encoding", "identity"); // sizes and ranges are those of the file
        if (settings.token() != null && sameOrigin(uri, settings.endpoint())) {
            request.header("Authorization", "Bearer " + settings.token());
        }
        if (offset > 0) {
            request.header("Range", "bytes=" + offset + "-");
        }
        try {
            HttpResponse<Flow.Publisher<List<ByteBuffer>>> response =
                    http.send(request.build(), BodyHandlers.ofPublisher());
            Body body = new Body(settings.timeout());
            response.body().subscribe(body);
            return new Answer(response.statusCode(), response.headers(), body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HubException("interrupted while asking the hub", e);
        }
    }

    private static boolean sameOrigin(URI a, URI b) {
        return a.getScheme().equalsIgnoreCase(b.getScheme())
                && a.getHost().equalsIgnoreCase(b.getHost())
                && port(a) == port(b);
    }

    private static int port(URI uri) {
        int standard = uri.getScheme().toLowerCase(Locale.ROOT).equals("https") ? 443 : 80;
        return uri.getPort() < 0 ? standard : uri.getPort();
    }

    void requireSuccess(Answer answer, String path) {
        String what = path + " of " + settings.endpoint();
        String token = settings.token() == null ? "no token was sent: set HF_TOKEN" : "the token sent is not enough";
        switch (answer.status()) {
            case 200, 206 -> {}
            case 401 ->
                throw new HubException(
                        "401 for %s: the model is private, gated (its licence must be accepted on the hub), or not there; %s"
                                .formatted(what, token));
            case 403 ->
                throw new HubException(
                        "403 for %s: the model is gated. Accept its licence on the hub with the account of the token; %s"
                                .formatted(what, token));
            case 404 ->
                throw new HubException("404 for %s: no such model, revision or file; check the id".formatted(what));
            default -> throw new HubException("the hub answered %d for %s".formatted(answer.status(), what));
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }
}
