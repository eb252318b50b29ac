package dev.perennial.lora.tokenizer;

import static dev.perennial.lora.tokenizer.Rule.FLAG;
import static dev.perennial.lora.tokenizer.Rule.PATTERN;
import static dev.perennial.lora.tokenizer.Rule.SHORT;

import dev.perennial.lora.ModelFormatException;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The normalizers, pre-tokenizers, post-processors or decoders that are let through, by their types, with the rule of
 * each key. Only keys with a rule are handed on.
 *
 * @param list the key of a sequence's parts
 */
record Parts(String list, Map<String, Map<String, Rule>> types) {
    /** Of published tokenizers, none has more than five. Sequences in sequences take the library exponential time. */
    private static final int MAX_PARTS = 8;

    private static final Map<String, Rule> NONE = Map.of();
    static final Map<String, Rule> BYTE_LEVEL =
            Map.of("add_prefix_space", FLAG, "trim_offsets", FLAG, "use_regex", FLAG.orAbsent());
    private static final Map<String, Rule> METASPACE = Map.of(
            "replacement",
            Rule.LETTER,
            "prepend_scheme",
            Rule.oneOf("always", "never", "first").orAbsent(),
            "add_prefix_space",
            FLAG.orAbsent(),
            "split",
            FLAG.orAbsent());

    static final Parts NORMALIZERS = new Parts(
            "normalizers",
            Map.ofEntries(
                    Map.entry(
                            "BertNormalizer",
                            Map.of(
                                    "clean_text",
                                    FLAG,
                                    "handle_chinese_chars",
                                    FLAG,
                                    "strip_accents",
                                    FLAG.orAbsent(),
                                    "lowercase",
                                    FLAG)),
                    Map.entry("Lowercase", NONE),
                    Map.entry("StripAccents", NONE),
                    Map.entry("NFC", NONE),
                    Map.entry("NFD", NONE),
                    Map.entry("NFKC", NONE),
                    Map.entry("NFKD", NONE),
                    Map.entry("Strip", Map.of("strip_left", FLAG, "strip_right", FLAG)),
                    Map.entry("Prepend", Map.of("prepend", Rule.MARK)),
                    Map.entry("Replace", Map.of("pattern", PATTERN, "content", Rule.REPLACEMENT))));

    static final Parts PRE_TOKENIZERS = new Parts(
            "pretokenizers",
            Map.ofEntries(
                    Map.entry("BertPreTokenizer", NONE),
                    Map.entry("Whitespace", NONE),
                    Map.entry("WhitespaceSplit", NONE),
                    Map.entry("ByteLevel", BYTE_LEVEL),
                    Map.entry("Metaspace", METASPACE),
                    Map.entry("Punctuation", Map.of("behavior", Rule.BEHAVIOR)),
                    Map.entry("Digits", Map.of("individual_digits", FLAG)),
                    Map.entry("Split", Map.of("pattern", PATTERN, "behavior", Rule.BEHAVIOR, "invert", FLAG))));

    static final Parts DECODERS = new Parts(
            "decoders",
            Map.of(
                    "ByteLevel",
                    BYTE_LEVEL,
                    "Metaspace",
                    METASPACE,
                    "WordPiece",
                    Map.of("prefix", SHORT, "cleanup", FLAG),
                    "Replace",
                    Map.of("pattern", PATTERN, "content", Rule.REPLACEMENT),
                    "ByteFallback",
                    NONE,
                    "Fuse",
                    NONE,
                    "Strip",
                    Map.of("content", Rule.LETTER, "start", Rule.count(0, 8), "stop", Rule.count(0, 8))));

    /** A checked copy; null for null. */
    JsonNode checked(JsonNode part) {
        if (part.isNull() || part.isMissingNode()) {
            return JsonMapper.shared().nullNode();
        }
        return type(part).equals("Sequence") ? sequence(part) : single(part);
    }

    private JsonNode sequence(JsonNode part) {
        JsonNode inner = part.path(list);
        if (!inner.isArray() || inner.size() > MAX_PARTS) {
            throw new ModelFormatException(list + " of a Sequence must be a list of at most " + MAX_PARTS);
        }
        ObjectNode copy = JsonMapper.shared().createObjectNode().put("type", "Sequence");
        ArrayNode copies = copy.putArray(list);
        inner.forEach(each -> copies.add(single(each)));
        return copy;
    }

    private JsonNode single(JsonNode part) {
        Map<String, Rule> rules = types.get(type(part));
        if (rules == null) {
            throw new ModelFormatException("'%s' is none of the supported %s: %s"
                    .formatted(
                            type(part), list, types.keySet().stream().sorted().toList()));
        }
        return copy(part, rules);
    }

    /** The type and what has a rule. */
    static ObjectNode copy(JsonNode part, Map<String, Rule> rules) {
        ObjectNode copy = JsonMapper.shared().createObjectNode().put("type", type(part));
        rules.forEach((key, rule) -> {
            JsonNode value = part.path(key);
            boolean absent = value.isMissingNode() || value.isNull();
            if (absent ? !rule.optional() : !rule.allows().test(value)) {
                throw new ModelFormatException("%s of %s must be %s".formatted(key, type(part), rule.wanted()));
            }
            if (!value.isMissingNode()) {
                copy.set(key, value);
            }
        });
        return copy;
    }

    static String type(JsonNode part) {
        return part.path("type").asString("");
    }
}
