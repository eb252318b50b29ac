package dev.perennial.lora.tokenizer;

import dev.perennial.lora.ModelFormatException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The vocabularies and how texts are cut by them. A text that cannot be cut ends the process, so there must be a token
 * for the unknown wherever one is needed.
 *
 * @param vocabulary ids must be below it
 */
record TokenModels(int vocabulary) {
    private static final Rule NO_DROPOUT = new Rule(
            "null: tokens must not depend on chance", true, value -> value.isNumber() && value.doubleValue() == 0);

    ObjectNode checked(JsonNode model) {
        return switch (Parts.type(model)) {
            case "WordPiece" -> wordPiece(model);
            case "WordLevel" -> withVocabulary(model, Map.of("unk_token", required(model)));
            case "BPE" -> bpe(model);
            case "Unigram" -> unigram(model);
            default ->
                throw new ModelFormatException(
                        "the model '%s' is none of WordPiece, BPE, Unigram and WordLevel".formatted(Parts.type(model)));
        };
    }

    /** Words up to the longest are cut in quadratic time. */
    private ObjectNode wordPiece(JsonNode model) {
        return withVocabulary(
                model,
                Map.of(
                        "unk_token",
                        required(model),
                        "continuing_subword_prefix",
                        Rule.SHORT,
                        "max_input_chars_per_word",
                        Rule.count(1, 1000)));
    }

    private static Rule required(JsonNode model) {
        return new Rule("in the vocabulary", false, value -> model.path("vocab").has(value.asString("")));
    }

    private ObjectNode withVocabulary(JsonNode model, Map<String, Rule> rules) {
        JsonNode vocab = model.path("vocab");
        if (!vocab.isObject() || vocab.isEmpty() || vocab.size() > vocabulary) {
            throw new ModelFormatException("vocab must be an object of 1 to %d tokens".formatted(vocabulary));
        }
        for (JsonNode id : vocab) {
            if (!id.isInt() || id.intValue() < 0 || id.intValue() >= vocabulary) {
                throw new ModelFormatException("vocab must give each token an id below " + vocabulary);
            }
        }
        ObjectNode copy = Parts.copy(model, rules);
        copy.set("vocab", vocab);
        return copy;
    }

    private ObjectNode bpe(JsonNode model) {
        ObjectNode copy = withVocabulary(
                model,
                Map.ofEntries(
                        Map.entry("dropout", NO_DROPOUT),
                        Map.entry("unk_token", required(model).orAbsent()),
                        // The library cuts the prefix off by bytes, which ends the process for some merges.
                        Map.entry(
                                "continuing_subword_prefix",
                                new Rule(
                                        "empty",
                                        true,
                                        value -> value.asString("x").isEmpty())),
                        Map.entry("end_of_word_suffix", Rule.SHORT.orAbsent()),
                        Map.entry("fuse_unk", Rule.FLAG.orAbsent()),
                        Map.entry("byte_fallback", Rule.FLAG.orAbsent()),
                        Map.entry("ignore_merges", Rule.FLAG.orAbsent())));
        JsonNode merges = model.path("merges");
        JsonNode vocab = model.path("vocab");
        if (!merges.isArray() || !merges.valueStream().allMatch(merge -> isMerge(merge, vocab))) {
            throw new ModelFormatException(
                    "merges must be a list of pairs, both sides and their sum in the vocabulary");
        }
        copy.set("merges", merges);
        return copy;
    }

    private static boolean isMerge(JsonNode merge, JsonNode vocab) {
        String[] sides = merge.isString()
                ? merge.stringValue().split(" ", -1)
                : new String[] {merge.path(0).asString(""), merge.path(1).asString("")};
        return (merge.isString() || merge.size() == 2)
                && sides.length == 2
                && vocab.has(sides[0])
                && vocab.has(sides[1])
                && vocab.has(sides[0] + sides[1]);
    }

    private ObjectNode unigram(JsonNode model) {
        JsonNode vocab = model.path("vocab");
        Set<String> pieces = new HashSet<>();
        boolean valid = vocab.isArray()
                && vocab.size() <= vocabulary
                && vocab.valueStream()
                        .allMatch(piece ->
                                isScored(piece) && pieces.add(piece.path(0).stringValue()));
        if (!valid) {
            throw new ModelFormatException(
                    "vocab of a Unigram must be a list of at most %d distinct tokens and their finite scores"
                            .formatted(vocabulary));
        }
        ObjectNode copy = Parts.copy(
                model, Map.of("unk_id", Rule.count(0, vocab.size() - 1), "byte_fallback", Rule.FLAG.orAbsent()));
        copy.set("vocab", vocab);
        return copy;
    }

    private static boolean isScored(JsonNode piece) {
        return piece.isArray()
                && piece.size() == 2
                && !piece.path(0).asString("").isEmpty()
                && piece.path(0).isString()
                && piece.path(1).isNumber()
                && Math.abs(piece.path(1).asDouble(Double.NaN)) < 1e6;
    }
}
