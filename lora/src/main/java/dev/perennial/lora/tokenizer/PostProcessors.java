package dev.perennial.lora.tokenizer;

import dev.perennial.lora.ModelFormatException;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What puts special tokens around a text's own.
 *
 * @param vocabulary ids must be below it
 */
record PostProcessors(int vocabulary) {
    /** Pieces of a template, or tokens of a piece. */
    private static final int MAX_PIECES = 16;

    JsonNode checked(JsonNode part) {
        if (part.isNull() || part.isMissingNode()) {
            return JsonMapper.shared().nullNode();
        }
        Rule token = new Rule("a token and its id below " + vocabulary, false, this::isToken);
        return switch (Parts.type(part)) {
            case "ByteLevel" -> Parts.copy(part, Parts.BYTE_LEVEL);
            case "BertProcessing" -> Parts.copy(part, Map.of("sep", token, "cls", token));
            case "RobertaProcessing" ->
                Parts.copy(
                        part,
                        Map.of("sep", token, "cls", token, "trim_offsets", Rule.FLAG, "add_prefix_space", Rule.FLAG));
            case "TemplateProcessing" -> template(part);
            case "Sequence" -> sequence(part);
            default ->
                throw new ModelFormatException("the post-processor '%s' is not supported".formatted(Parts.type(part)));
        };
    }

    private JsonNode sequence(JsonNode part) {
        JsonNode inner = part.path("processors");
        if (!inner.isArray() || inner.size() > MAX_PIECES) {
            throw new ModelFormatException("processors of a Sequence must be a list of at most " + MAX_PIECES);
        }
        ObjectNode copy = JsonMapper.shared().createObjectNode().put("type", "Sequence");
        inner.forEach(each -> {
            if (Parts.type(each).equals("Sequence")) {
                throw new ModelFormatException("a Sequence of processors must not hold another one");
            }
            copy.withArray("processors").add(checked(each));
        });
        return copy;
    }

    private boolean isToken(JsonNode value) {
        return value.isArray() && value.size() == 2 && value.path(0).isString() && isId(value.path(1));
    }

    private boolean isId(JsonNode value) {
        return value.isInt() && value.intValue() >= 0 && value.intValue() < vocabulary;
    }

    private JsonNode template(JsonNode part) {
        JsonNode tokens = part.path("special_tokens");
        if (!tokens.isObject()
                || tokens.size() > MAX_PIECES
                || !tokens.properties().stream().allMatch(this::isSpecial)) {
            throw new ModelFormatException(
                    "special_tokens of a template must give each token its name, tokens and their ids below "
                            + vocabulary);
        }
        requirePieces(part.path("single"), tokens, 'A');
        requirePieces(part.path("pair"), tokens, 'B');
        ObjectNode copy = JsonMapper.shared().createObjectNode().put("type", "TemplateProcessing");
        copy.set("single", part.path("single"));
        copy.set("pair", part.path("pair"));
        copy.set("special_tokens", tokens);
        return copy;
    }

    private boolean isSpecial(Map.Entry<String, JsonNode> entry) {
        JsonNode ids = entry.getValue().path("ids");
        JsonNode tokens = entry.getValue().path("tokens");
        return entry.getValue().path("id").asString("").equals(entry.getKey())
                && ids.isArray()
                && tokens.isArray()
                && ids.size() == tokens.size()
                && ids.size() <= MAX_PIECES
                && ids.valueStream().allMatch(this::isId)
                && tokens.valueStream().allMatch(JsonNode::isString);
    }

    /** A template without the text would be useless, one that names an unknown token ends the process when used. */
    private static void requirePieces(JsonNode pieces, JsonNode tokens, char last) {
        boolean valid = pieces.isArray()
                && pieces.size() <= MAX_PIECES
                && pieces.valueStream().allMatch(piece -> isPiece(piece, tokens, last))
                && pieces.valueStream()
                                .filter(piece -> piece.path("Sequence").isObject())
                                .count()
                        == last - 'A' + 1;
        if (!valid) {
            throw new ModelFormatException("single and pair of a template must be lists of at most " + MAX_PIECES
                    + " pieces, each text once, each token among its special_tokens");
        }
    }

    private static boolean isPiece(JsonNode piece, JsonNode tokens, char last) {
        JsonNode token = piece.path("SpecialToken");
        JsonNode text = piece.path("Sequence");
        String name = text.path("id").asString("");
        boolean known = token.isObject()
                ? tokens.has(token.path("id").asString(""))
                : name.length() == 1 && name.charAt(0) >= 'A' && name.charAt(0) <= last;
        int type = (token.isObject() ? token : text).path("type_id").asInt(-1);
        return piece.size() == 1 && known && type >= 0 && type < 16;
    }
}
