package dev.perennial.common.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of samples, written {@code 100 samples} or {@code 100}. */
public record Every(int samples) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(\\s+samples?)?");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Every parse(Object value) {
        Matcher form = FORM.matcher(value.toString().strip());
        if (!form.matches()) {
            throw new IllegalArgumentException("write it as '100 samples', not '" + value + "'");
        }
        return new Every(Integer.parseInt(form.group(1)));
    }

    @JsonValue
    String wire() {
        return samples + " samples";
    }
}
