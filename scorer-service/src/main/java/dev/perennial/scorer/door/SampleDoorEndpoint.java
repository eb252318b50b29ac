package dev.perennial.scorer.door;

import dev.perennial.common.problem.ProblemException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The door over HTTP. */
@RestController
final class SampleDoorEndpoint {
    private static final MediaType CSV = MediaType.valueOf("text/csv");

    private final SampleDoor door;

    SampleDoorEndpoint(SampleDoor door) {
        this.door = door;
    }

    @PostMapping(
            path = "/api/models/{model}/samples",
            consumes = {"application/x-ndjson", "application/jsonl", "application/json", "text/csv"})
    Receipt receive(
            @PathVariable String model,
            @RequestHeader(HttpHeaders.CONTENT_TYPE) MediaType type,
            @RequestParam(defaultValue = "abort") String onError,
            @RequestBody(required = false) byte @Nullable [] body) {
        UploadFormat format = CSV.isCompatibleWith(type) ? UploadFormat.CSV : UploadFormat.JSON_LINES;
        return door.receive(model, format.read(body == null ? new byte[0] : body), onError(onError));
    }

    private static OnError onError(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "abort" -> OnError.ABORT;
            case "skip" -> OnError.SKIP;
            default -> throw ProblemException.badRequest("invalid-parameter", "onError must be abort or skip.");
        };
    }
}
