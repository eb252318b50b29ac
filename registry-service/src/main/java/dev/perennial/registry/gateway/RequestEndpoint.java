package dev.perennial.registry.gateway;

import dev.perennial.common.problem.ProblemException;
import dev.perennial.registry.version.ModelVersion;
import dev.perennial.registry.version.Versions;
import java.time.Instant;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Which version answered a request, and what that version was made of. */
@RestController
public final class RequestEndpoint {
    private final Predictions predictions;
    private final Versions versions;

    RequestEndpoint(Predictions predictions, Versions versions) {
        this.predictions = predictions;
        this.versions = versions;
    }

    /** An answer with the lineage of the version that gave it. */
    record AnsweredRequest(
            String requestId,
            String model,
            String label,
            double confidence,
            Instant at,
            double latencyMillis,
            ModelVersion answeredBy) {}

    @GetMapping("/v1/requests/{requestId}")
    AnsweredRequest get(@PathVariable String requestId) {
        Prediction given = predictions.find(List.of(requestId)).get(requestId);
        if (given == null) {
            throw ProblemException.notFound(
                    "request-unknown", "No answer has the request id '" + requestId + "'; check it for a typo.");
        }
        return new AnsweredRequest(
                requestId,
                given.model(),
                given.label(),
                given.confidence(),
                given.at(),
                given.latency().toNanos() / 1e6,
                versions.require(given.model(), given.version()));
    }
}
