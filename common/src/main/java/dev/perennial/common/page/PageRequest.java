package dev.perennial.common.page;

import dev.perennial.common.problem.ProblemException;
import java.util.List;

/** Which page a caller wants. */
public record PageRequest(int page, int size) {
    private static final int MAX_SIZE = 500;

    public PageRequest {
        if (page < 0 || size < 1 || size > MAX_SIZE) {
            throw ProblemException.badRequest(
                    "invalid-page", "page must be 0 or more and size between 1 and " + MAX_SIZE + ".");
        }
    }

    /** For SQL. */
    public long offset() {
        return (long) page * size;
    }

    public <T> Page<T> of(List<T> items, long total) {
        return new Page<>(items, page, size, total);
    }
}
