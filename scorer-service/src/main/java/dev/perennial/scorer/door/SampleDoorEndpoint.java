package dev.perennial.scorer.door;

import dev.perennial.common.problem.ProblemException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The door over HTTP. */
@RestController
final class SampleDoorEndpoint {
    private final SampleDoor door;

    SampleDoorEndpoint(SampleDoor door) {
        this.door = door;
    }

    @PostMapping(
            path = "/api/models/{model}/samples",
            consumes = {"application/x-ndjson", "application/jsonl", "application/json"})
    Receipt jsonLines(
            @PathVariable String model,
            @RequestParam(defaultValue = "abort") String onError,
            @RequestBody(required = false) byte @Nullable [] body) {
        return door.receive(model, UploadFormat.JSON_LINES.read(orEmpty(body)), onError(onError));
    }

    @PostMapping(path = "/api/models/{model}/samples", consumes = "text/csv")
    Receipt csv(
            @PathVariable String model,
            @RequestParam(defaultValue = "abort") String onError,
            @RequestBody(required = false) byte @Nullable [] body) {
        return door.receive(model, UploadFormat.CSV.read(orEmpty(body)), onError(onError));
    }

    private static byte[] orEmpty(byte @Nullable [] body) {
        return body == null ? new byte[0] : body;
    }

    private static OnError onError(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "abort" -> OnError.ABORT;
            case "skip" -> OnError.SKIP;
            default -> throw ProblemException.badRequest("invalid-parameter", "onError must be abort or skip.");
        };
    }
}
