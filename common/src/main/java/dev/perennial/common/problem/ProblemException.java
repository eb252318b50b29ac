package dev.perennial.common.problem;

import java.util.Map;
import org.springframework.http.HttpStatus;

/**
 * A request that is refused and changed nothing. Becomes an RFC 9457 problem detail.
 *
 * <p>The {@code code} is stable and made for programs; the {@code detail} is made for people and says what to change.
 */
public final class ProblemException extends RuntimeException {
    private final HttpStatus status;
    private final String code;
    private final transient Map<String, ?> properties;

    public ProblemException(HttpStatus status, String code, String detail) {
        this(status, code, detail, Map.of());
    }

    /**
     * With further members.
     *
     * @param properties further members of the problem document, such as row-by-row errors */
    public ProblemException(HttpStatus status, String code, String detail, Map<String, ?> properties) {
        super(detail);
        this.status = status;
        this.code = code;
        this.properties = Map.copyOf(properties);
    }

    public static ProblemException badRequest(String code, String detail) {
        return new ProblemException(HttpStatus.BAD_REQUEST, code, detail);
    }

    public static ProblemException notFound(String code, String detail) {
        return new ProblemException(HttpStatus.NOT_FOUND, code, detail);
    }

    public static ProblemException conflict(String code, String detail) {
        return new ProblemException(HttpStatus.CONFLICT, code, detail);
    }

    public HttpStatus status() {
        return status;
    }

    public String code() {
        return code;
    }

    public Map<String, ?> properties() {
        return properties;
    }
}
