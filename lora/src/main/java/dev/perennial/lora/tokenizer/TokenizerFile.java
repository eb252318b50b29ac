package dev.perennial.lora.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.perennial.lora.ModelFormatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Opens a tokenizer.json of a stranger. The native library ends the whole process on many a file it dislikes, some of them
 * only when a certain text is tokenised; so a file is read here first, what published tokenizers are made of is let
 * through key by key, and the library sees only the copy.
 *
 * <p>Format: huggingface/tokenizers 0.21. Different: an unknown part, a regular expression that no published tokenizer
 * uses, dropout and ids beyond the model's vocabulary are refused; the file's padding and truncation are left out.
 */
public final class TokenizerFile {
    /** A vocabulary of 250,000 words takes some 20 MB. */
    public static final int MAX_BYTES = 64 << 20;

    private static final int MAX_TOKEN_LETTERS = 512;
    private static final Map<String, String> WHOLE_TEXTS = Map.of("padding", "false", "truncation", "false");
    private static final Map<String, Rule> ADDED = Map.of(
            "single_word", Rule.FLAG,
            "lstrip", Rule.FLAG,
            "rstrip", Rule.FLAG,
            "normalized", Rule.FLAG,
            "special", Rule.FLAG);

    private TokenizerFile() {}

    /**
     * Reads the whole stream and leaves it open.
     *
     * @param vocabulary rows of the model's word embeddings: ids are below it
     * @return gives whole texts, neither padded nor cut; the caller closes it
     * @throws ModelFormatException if the file is broken or has a part that is not supported
     */
    public static HuggingFaceTokenizer open(InputStream json, int vocabulary) {
        return library(checkedCopy(json, vocabulary));
    }

    static ObjectNode checkedCopy(InputStream json, int vocabulary) {
        try {
            byte[] bytes = json.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new ModelFormatException("it is larger than " + MAX_BYTES + " bytes");
            }
            return checked(JsonMapper.shared().readTree(bytes), vocabulary);
        } catch (JacksonException e) {
            throw new ModelFormatException("it is no valid JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new ModelFormatException("it cannot be read: " + e.getMessage(), e);
        }
    }

    /** The native tokenizer of a copy that was checked. */
    static HuggingFaceTokenizer library(ObjectNode copy) {
        try {
            byte[] json = copy.toString().getBytes(StandardCharsets.UTF_8);
            return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), WHOLE_TEXTS);
        } catch (IOException e) {
            throw new ModelFormatException("it cannot be read: " + e.getMessage(), e);
        }
    }

    private static ObjectNode checked(@Nullable JsonNode file, int vocabulary) {
        if (file == null || !file.isObject()) {
            throw new ModelFormatException("it must hold a JSON object");
        }
        ObjectNode model = new TokenModels(vocabulary).checked(file.path("model"));
        ObjectNode copy = JsonMapper.shared().createObjectNode().put("version", "1.0");
        copy.set("added_tokens", added(file.path("added_tokens"), model.path("vocab"), vocabulary));
        copy.set("normalizer", Parts.NORMALIZERS.checked(file.path("normalizer")));
        copy.set("pre_tokenizer", Parts.PRE_TOKENIZERS.checked(file.path("pre_tokenizer")));
        copy.set("post_processor", new PostProcessors(vocabulary).checked(file.path("post_processor")));
        copy.set("decoder", Parts.DECODERS.checked(file.path("decoder")));
        copy.set("model", model);
        return copy;
    }

    /** The library numbers those that are not in the vocabulary on from its end, whatever id the file gives them. */
    private static ArrayNode added(JsonNode tokens, JsonNode vocab, int vocabulary) {
        ArrayNode copies = JsonMapper.shared().createArrayNode();
        int room = vocabulary - vocab.size();
        for (JsonNode token : tokens) {
            String content = token.path("content").asString("");
            if (content.isBlank() || content.length() > MAX_TOKEN_LETTERS) {
                throw new ModelFormatException(
                        "content of an added token must have 1 to %d letters".formatted(MAX_TOKEN_LETTERS));
            }
            if (vocab.isArray() || !vocab.has(content)) {
                room--;
            }
            ObjectNode copy = Parts.copy(token, ADDED);
            copy.remove("type");
            copy.set("id", idOf(token, vocabulary));
            copies.add(copy.put("content", content));
        }
        if (vocab.isObject() && room < 0) {
            throw new ModelFormatException("vocab and added_tokens hold more than %d tokens".formatted(vocabulary));
        }
        return copies;
    }

    private static JsonNode idOf(JsonNode token, int vocabulary) {
        JsonNode id = token.path("id");
        if (!id.isInt() || id.intValue() < 0 || id.intValue() >= vocabulary) {
            throw new ModelFormatException("id of an added token must be a number below " + vocabulary);
        }
        return id;
    }
}
