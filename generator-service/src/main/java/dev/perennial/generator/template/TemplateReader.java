package dev.perennial.generator.template;

import dev.perennial.common.problem.ProblemException;
import dev.perennial.common.spec.Violation;
import dev.perennial.common.text.ContentHash;
import dev.perennial.common.text.Unreadable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads prompt templates as people write them and as they are stored. Thread-safe. */
final class TemplateReader {
    private static final ObjectMapper STRICT = YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** Equal templates have equal bytes: keys are sorted, so that the order in the YAML file makes no version. */
    private static final JsonMapper CANONICAL = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private TemplateReader() {}

    /**
     * Reads YAML or JSON; refuses what is unknown or missing with the path of the key.
     *
     * @param name of the template; the document may repeat it
     */
    static PromptTemplate read(String name, String yaml) {
        PromptTemplate template;
        try {
            template = STRICT.readValue(yaml, PromptTemplate.class);
        } catch (JacksonException e) {
            throw refused(List.of(new Violation(Unreadable.path(e), Unreadable.describe(e))));
        }
        if (template == null) {
            throw refused(List.of(new Violation("", "the document is empty")));
        }
        template = template.orNamed(name);
        List<Violation> violations = new ArrayList<>(TemplateChecks.check(name, template));
        storable("", CANONICAL.valueToTree(template), violations);
        if (!violations.isEmpty()) {
            throw refused(violations);
        }
        return template;
    }

    /** PostgreSQL stores every character but one. */
    private static void storable(String path, JsonNode node, List<Violation> violations) {
        if (node.isString() && node.asString().indexOf('\0') >= 0) {
            violations.add(new Violation(path, "has the character U+0000, which cannot be stored; leave it out"));
        }
        node.properties().forEach(property -> {
            String at = path.isEmpty() ? property.getKey() : path + "." + property.getKey();
            if (at.indexOf('\0') >= 0) {
                violations.add(new Violation(path, "has a key with the character U+0000; leave it out"));
            }
            storable(at, property.getValue(), violations);
        });
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            storable(path + "[" + i + "]", node.get(i), violations);
        }
    }

    static String write(PromptTemplate template) {
        return CANONICAL.writeValueAsString(template);
    }

    static PromptTemplate readStored(String json) {
        return CANONICAL.readValue(json, PromptTemplate.class);
    }

    static String hash(PromptTemplate template) {
        return ContentHash.sha256(write(template));
    }

    private static ProblemException refused(List<Violation> violations) {
        return new ProblemException(
                HttpStatus.BAD_REQUEST,
                "invalid-template",
                violations.stream()
                        .map(Violation::describe)
                        .collect(Collectors.joining("; ", "The prompt template is refused. ", "")),
                Map.of("violations", violations));
    }
}
