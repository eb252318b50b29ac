package dev.perennial.common.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Finds the NUL characters of a document: JSON and YAML allow them in a text, PostgreSQL does not. */
final class NulCharacters {
    private NulCharacters() {}

    static List<Violation> find(JsonNode document) {
        List<Violation> violations = new ArrayList<>();
        find(document, "", violations);
        return violations;
    }

    private static void find(JsonNode node, String path, List<Violation> violations) {
        if (node.isString()) {
            check(node.asString(), path, violations);
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            find(node.get(i), path + "[" + i + "]", violations);
        }
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            check(member.getKey(), path, violations);
            find(member.getValue(), path.isEmpty() ? member.getKey() : path + "." + member.getKey(), violations);
        }
    }

    private static void check(String text, String path, List<Violation> violations) {
        if (text.indexOf('\0') >= 0) {
            violations.add(new Violation(path, "contains a NUL character (\\0 or \\u0000); remove it"));
        }
    }
}
