package dev.perennial.standalone.client;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** The server refused a request; the message is its problem detail, made for people. */
public final class RefusedException extends RuntimeException {
    private final int status;
    private final transient JsonNode problem;

    RefusedException(int status, JsonNode problem) {
        super(problem.path("detail").asString("the server answered " + status));
        this.status = status;
        this.problem = problem;
    }

    public int status() {
        return status;
    }

    /** The stable code, such as {@code model-unknown}; empty when the answer was no problem detail. */
    public String code() {
        return problem.path("code").asString("");
    }

    /** What is wrong with single rows of an uploaded file, a sentence each; at most the first hundred. */
    public List<String> rows() {
        return problem.path("rows")
                .valueStream()
                .map(row -> "line %d: %s"
                        .formatted(row.path("row").asInt(), row.path("message").asString()))
                .toList();
    }

    public JsonNode problem() {
        return problem;
    }
}
