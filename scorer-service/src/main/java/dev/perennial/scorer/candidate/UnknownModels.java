package dev.perennial.scorer.candidate;

import dev.perennial.common.messaging.PoisonException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.dao.TransientDataAccessResourceException;

/**
 * Candidates of a model that nobody declared. The declaration comes by another topic and may be under way, above all when
 * a service starts afresh; what is still unknown after a while never was declared.
 */
final class UnknownModels {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Clock clock;
    private final Map<String, Instant> since = new ConcurrentHashMap<>();

    UnknownModels(Clock clock) {
        this.clock = clock;
    }

    /** A fault to retry at first, then poison, which can be replayed once the model is declared. */
    RuntimeException fault(String model) {
        Instant now = clock.instant();
        Instant first = since.computeIfAbsent(model, each -> now);
        return now.isBefore(first.plus(PATIENCE))
                ? new TransientDataAccessResourceException("the model '" + model + "' is not known here yet")
                : new PoisonException("there is no model '" + model + "'; declare it and replay the dead letter");
    }
}
