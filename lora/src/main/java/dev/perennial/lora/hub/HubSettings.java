package dev.perennial.lora.hub;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where models come from and where they are kept.
 *
 * @param endpoint the hub, http or https; a path in it stands before all of the protocol's
 * @param cache the directory below which models are kept
 * @param token sent to the endpoint and to no other host; null if there is none
 * @param offline whether to use what is kept only, and never open a connection
 * @param maxBytes a model beyond this is refused before its weights are asked for
 * @param timeout how long to wait for a connection, for an answer, and for some more of it
 * @param tries how often to ask for something when the hub or the way to it fails for the moment
 */
public record HubSettings(
        URI endpoint, Path cache, @Nullable String token, boolean offline, long maxBytes, Duration timeout, int tries) {
    private static final String DEFAULT_ENDPOINT = "https://huggingface.co";
    private static final long DEFAULT_MAX_BYTES = 200L << 30;
    private static final Set<String> YES = Set.of("1", "on", "yes", "true");

    public HubSettings {
        endpoint = checked(endpoint);
        cache = cache.toAbsolutePath().normalize();
        if (token != null && (token.isBlank() || token.chars().anyMatch(c -> c <= ' ' || c > '~'))) {
            throw new IllegalArgumentException("the token is empty or has characters that no token has");
        }
        if (maxBytes < 1 || tries < 1 || !timeout.isPositive()) {
            throw new IllegalArgumentException("maxBytes, tries and timeout must be above zero");
        }
    }

    private static URI checked(URI endpoint) {
        boolean http = "https".equalsIgnoreCase(endpoint.getScheme()) || "http".equalsIgnoreCase(endpoint.getScheme());
        boolean plain = endpoint.getRawQuery() == null
                && endpoint.getRawFragment() == null
                && endpoint.getRawUserInfo() == null;
        if (!http || endpoint.getHost() == null || !plain) {
            throw new IllegalArgumentException(
                    "the endpoint must be an http or https address without query, fragment and user");
        }
        return URI.create(endpoint.toString().replaceAll("/+$", ""));
    }

    /**
     * The usual environment variables: HF_ENDPOINT, HF_TOKEN, HF_HUB_OFFLINE (1, on, yes or true), and PERENNIAL_MODELS for
     * the cache, without which it is {@code ~/.cache/perennial/models}.
     */
    public static HubSettings ofEnvironment() {
        return of(System.getenv());
    }

    /** The same with the variables given. */
    public static HubSettings of(Map<String, String> environment) {
        String cache = value(environment, "PERENNIAL_MODELS", "");
        String token = value(environment, "HF_TOKEN", "");
        return new HubSettings(
                URI.create(value(environment, "HF_ENDPOINT", DEFAULT_ENDPOINT)),
                cache.isEmpty()
                        ? Path.of(System.getProperty("user.home"), ".cache", "perennial", "models")
                        : Path.of(cache),
                token.isEmpty() ? null : token,
                YES.contains(value(environment, "HF_HUB_OFFLINE", "").toLowerCase(Locale.ROOT)),
                DEFAULT_MAX_BYTES,
                Duration.ofSeconds(30),
                6);
    }

    private static String value(Map<String, String> environment, String key, String otherwise) {
        String value = environment.getOrDefault(key, "").strip();
        return value.isEmpty() ? otherwise : value;
    }

    public HubSettings withEndpoint(URI newEndpoint) {
        return new HubSettings(newEndpoint, cache, token, offline, maxBytes, timeout, tries);
    }

    public HubSettings withCache(Path newCache) {
        return new HubSettings(endpoint, newCache, token, offline, maxBytes, timeout, tries);
    }

    public HubSettings withToken(@Nullable String newToken) {
        return new HubSettings(endpoint, cache, newToken, offline, maxBytes, timeout, tries);
    }

    public HubSettings withOffline(boolean newOffline) {
        return new HubSettings(endpoint, cache, token, newOffline, maxBytes, timeout, tries);
    }

    public HubSettings withMaxBytes(long newMaxBytes) {
        return new HubSettings(endpoint, cache, token, offline, newMaxBytes, timeout, tries);
    }

    public HubSettings withTimeout(Duration newTimeout) {
        return new HubSettings(endpoint, cache, token, offline, maxBytes, newTimeout, tries);
    }

    public HubSettings withTries(int newTries) {
        return new HubSettings(endpoint, cache, token, offline, maxBytes, timeout, newTries);
    }

    /** Without the token, which must not get into logs. */
    @Override
    public String toString() {
        return "HubSettings[endpoint=%s, cache=%s, token=%s, offline=%s, maxBytes=%d, timeout=%s, tries=%d]"
                .formatted(endpoint, cache, token == null ? "none" : "set", offline, maxBytes, timeout, tries);
    }
}
