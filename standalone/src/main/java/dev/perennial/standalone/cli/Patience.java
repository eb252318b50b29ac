package dev.perennial.standalone.cli;

import dev.perennial.standalone.client.RefusedException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/** A model declared a moment ago reaches the other services within a second or so: waits for that. */
public final class Patience {
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private Patience() {}

    /** Repeats a request while a service does not know the model yet; every other refusal is thrown at once. */
    public static JsonNode untilKnown(Supplier<JsonNode> request) {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (true) {
            try {
                return request.get();
            } catch (RefusedException e) {
                if (!e.code().equals("model-unknown") || System.nanoTime() > deadline) {
                    throw e;
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
