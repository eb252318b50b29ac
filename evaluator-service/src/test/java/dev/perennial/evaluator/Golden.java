package dev.perennial.evaluator;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;

/** Reads golden values that the scripts in src/test/python made. */
public final class Golden {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Golden() {}

    /** The members of {@code cases} in {@code golden/<file>}. */
    public static <T> List<T> cases(String file, Class<T> type) {
        try (InputStream in = Objects.requireNonNull(Golden.class.getResourceAsStream("/golden/" + file))) {
            return MAPPER.readTree(in)
                    .get("cases")
                    .valueStream()
                    .map(node -> MAPPER.treeToValue(node, type))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
