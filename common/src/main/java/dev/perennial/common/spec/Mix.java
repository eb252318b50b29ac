package dev.perennial.common.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Map;
import java.util.Set;

/**
 * How many synthetic samples join the real ones in a training set.
 *
 * <p>Written {@code auto} or {@code {synthetic: 1, real: 3}}. {@code auto} starts at one synthetic to three real samples
 * and goes beyond that for a label with too few real ones.
 *
 * @param fixed whether the ratio holds as it stands, for every label
 */
public record Mix(boolean fixed, int synthetic, int real) {
    public static final Mix AUTO = new Mix(false, 1, 3);

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Mix parse(Object value) {
        if (value.equals("auto")) {
            return AUTO;
        }
        if (value instanceof Map<?, ?> ratio
                && ratio.keySet().equals(Set.of("synthetic", "real"))
                && ratio.get("synthetic") instanceof Integer synthetic
                && ratio.get("real") instanceof Integer real
                && synthetic >= 0
                && real > 0) {
            return new Mix(true, synthetic, real);
        }
        throw new IllegalArgumentException("write it as 'auto' or {synthetic: 1, real: 3}");
    }

    @JsonValue
    Object wire() {
        return fixed ? Map.of("synthetic", synthetic, "real", real) : "auto";
    }
}
