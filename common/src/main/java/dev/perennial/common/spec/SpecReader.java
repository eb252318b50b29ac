package dev.perennial.common.spec;

import dev.perennial.common.text.Unreadable;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads and writes model specs. YAML and JSON have the same keys; JSON is YAML. Thread-safe. */
public final class SpecReader {
    private static final ObjectMapper STRICT = YAMLMapper.builder()
            .addModule(Durations.MODULE)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .build();

    /** For specs that were checked once and stored: a later version's keys do not hurt. */
    private static final JsonMapper STORED = JsonMapper.builder()
            .addModule(Durations.MODULE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .build();

    private SpecReader() {}

    /**
     * Reads a spec as a person wrote it.
     *
     * @throws SpecException naming every key that is unknown, missing or contradicts another
     */
    public static ModelSpec read(String yamlOrJson) {
        ModelSpec spec;
        try {
            spec = STRICT.readValue(yamlOrJson, ModelSpec.class);
        } catch (JacksonException e) {
            throw new SpecException(violations(e, yamlOrJson));
        }
        if (spec == null) {
            throw new SpecException(List.of(new Violation("", "the document is empty")));
        }
        List<Violation> violations = new ArrayList<>(NulCharacters.find(STORED.valueToTree(spec)));
        violations.addAll(SpecChecks.check(spec));
        if (!violations.isEmpty()) {
            throw new SpecException(violations);
        }
        return spec;
    }

    /** The canonical JSON of a spec. */
    public static String write(ModelSpec spec) {
        return STORED.writeValueAsString(spec);
    }

    /** Reads what {@link #write} wrote, in this or another version of Perennial. */
    public static ModelSpec readStored(String json) {
        return STORED.readValue(json, ModelSpec.class);
    }

    /** The mapper of stored documents and events: durations as people write them, unknown keys skipped. */
    public static JsonMapper storedMapper() {
        return STORED;
    }

    private static List<Violation> violations(JacksonException e, String document) {
        if (!(e.getCause() instanceof NullPointerException missing)) {
            return List.of(new Violation(Unreadable.path(e), Unreadable.describe(e)));
        }
        List<Violation> violations = new ArrayList<>();
        String message = Objects.requireNonNullElse(missing.getMessage(), "a required key is missing");
        violations.add(new Violation(Unreadable.path(e), message));
        violations.addAll(unknownParts(document));
        return violations;
    }

    /** Keys at the top that are none of a spec's: a required one that is missing is often misspelt. */
    private static List<Violation> unknownParts(String document) {
        List<String> known = Arrays.stream(ModelSpec.class.getRecordComponents())
                .map(RecordComponent::getName)
                .toList();
        return STRICT.readTree(document).propertyNames().stream()
                .filter(key -> !known.contains(key))
                .map(key -> new Violation(key, "is not a known key; known keys here: " + String.join(", ", known)))
                .toList();
    }
}
