package dev.perennial.registry.gateway;

import dev.perennial.common.problem.ProblemException;
import dev.perennial.registry.serving.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Predictions over HTTP. */
@RestController
public final class PredictEndpoint {
    private static final int MAX_TEXTS = 256;
    private static final int MAX_CHARACTERS = 20_000;
    private static final int MAX_KEY = 256;

    private final Gateway gateway;

    PredictEndpoint(Gateway gateway) {
        this.gateway = gateway;
    }

    /** Either one text or several. */
    record Question(
            @Nullable String text,
            @Nullable List<@Nullable String> texts,
            @Nullable String key) {}

    /** The answer to one text. */
    record Said(
            String requestId,
            String model,
            int version,
            String label,
            double confidence,
            List<Answer.LabelConfidence> labels) {}

    /** The answers to several texts, in their order. */
    record AllSaid(String model, int version, List<Said> predictions) {}

    @PostMapping("/v1/models/{model}/predict")
    ResponseEntity<Record> predict(
            @PathVariable String model,
            @RequestHeader(name = "X-Caller-Key", required = false) @Nullable String callerKey,
            @RequestBody Question question) {
        List<String> texts = texts(question);
        Gateway.Result result = gateway.predict(model, key(callerKey, question.key()), texts);
        List<Said> said = result.answers().stream()
                .map(answered -> said(model, result.version(), answered))
                .toList();
        return ResponseEntity.ok()
                .header("X-Request-Id", said.getFirst().requestId())
                .header("X-Model-Version", Integer.toString(result.version()))
                .header("Server-Timing", "model;dur=" + millis(result.latency()))
                .body(question.texts() == null ? said.getFirst() : new AllSaid(model, result.version(), said));
    }

    private static Said said(String model, int version, Gateway.Answered answered) {
        Answer answer = answered.answer();
        return new Said(answered.requestId(), model, version, answer.label(), answer.confidence(), answer.labels());
    }

    private static String millis(Duration latency) {
        return String.format(Locale.ROOT, "%.3f", latency.toNanos() / 1e6);
    }

    private static @Nullable String key(@Nullable String header, @Nullable String body) {
        String key = header == null || header.isBlank() ? body : header;
        if (key != null && key.length() > MAX_KEY) {
            throw ProblemException.badRequest(
                    "invalid-key", "The caller key has more than " + MAX_KEY + " characters; send a shorter one.");
        }
        return key == null || key.isBlank() ? null : key;
    }

    private static List<String> texts(Question question) {
        List<@Nullable String> asked = question.texts();
        if ((asked == null) == (question.text() == null)) {
            throw ProblemException.badRequest(
                    "invalid-question", "Send either text (one string) or texts (a list of strings).");
        }
        List<String> texts = (asked == null ? List.of(String.valueOf(question.text())) : asked)
                .stream()
                        .<String>mapMulti((text, sink) -> sink.accept(checked(text)))
                        .toList();
        if (texts.isEmpty() || texts.size() > MAX_TEXTS) {
            throw ProblemException.badRequest("invalid-question", "texts must have 1 to " + MAX_TEXTS + " entries.");
        }
        return texts;
    }

    private static String checked(@Nullable String text) {
        if (text == null || text.isBlank() || text.length() > MAX_CHARACTERS) {
            throw ProblemException.badRequest(
                    "invalid-text",
                    "A text must have at least one letter and at most " + MAX_CHARACTERS + " characters.");
        }
        return text;
    }
}
