package dev.perennial.lora.tokenizer;

import dev.perennial.lora.ModelFormatException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/**
 * The bytes that each token stands for, read from the vocabulary: the library decodes a token alone otherwise than among
 * others (a space that begins it may go, a part of a character becomes U+FFFD). Understood are the byte-level decoder
 * (GPT-2, Llama-3, Qwen2), Metaspace, and SentencePiece's as a sequence of Replace, ByteFallback, Fuse and Strip (Llama-2,
 * Mistral), as in tokenizers 0.21.
 */
final class TokenBytes {
    private static final byte[] NOTHING = {};
    /** What bytes are written as in a byte-level vocabulary; see {@link #letters}. */
    private static final int[] BYTE_OF_LETTER = letters();

    private final byte[][] bytes;

    /** From a token as it is written in the vocabulary. */
    @FunctionalInterface
    private interface Spelling {
        byte[] bytes(String token);
    }

    /**
     * Of a file that was checked.
     *
     * @throws ModelFormatException if its decoder is none of those understood
     */
    TokenBytes(JsonNode file, int vocabulary) {
        bytes = new byte[vocabulary][];
        Arrays.fill(bytes, NOTHING);
        Spelling spelling = decoder(file.path("decoder"));
        Map<String, Integer> vocab = ids(file.path("model").path("vocab"));
        vocab.forEach((token, id) -> bytes[id] = spelling.bytes(token));
        addAdded(file.path("added_tokens"), vocab, spelling);
    }

    private static Map<String, Integer> ids(JsonNode vocab) {
        Map<String, Integer> ids = HashMap.newHashMap(vocab.size());
        if (vocab.isArray()) {
            vocab.forEach(piece -> ids.put(piece.path(0).asString(""), ids.size()));
        } else {
            vocab.properties()
                    .forEach(token -> ids.put(token.getKey(), token.getValue().intValue()));
        }
        return ids;
    }

    /** New ones are numbered on from the vocabulary's end, as the library does. */
    private void addAdded(JsonNode added, Map<String, Integer> vocab, Spelling spelling) {
        int next = vocab.size();
        for (JsonNode token : added) {
            String content = token.path("content").asString("");
            Integer known = vocab.get(content);
            int id = known == null ? next++ : known;
            if (id != token.path("id").intValue()) {
                throw new ModelFormatException("the added token '%s' has the id %d, its place in the vocabulary is %d"
                        .formatted(content, token.path("id").intValue(), id));
            }
            bytes[id] = token.path("special").asBoolean(false) ? NOTHING : spelling.bytes(content);
        }
    }

    private static Spelling decoder(JsonNode part) {
        return switch (Parts.type(part)) {
            case "ByteLevel" -> TokenBytes::ofLetters;
            case "Metaspace" -> metaspace(part);
            case "Sequence" -> sequence(part.path("decoders"));
            default ->
                throw new ModelFormatException(
                        "the decoder '%s' is none that language models use: ByteLevel, Metaspace, or a Sequence of Replace, ByteFallback, Fuse and Strip"
                                .formatted(Parts.type(part)));
        };
    }

    private static Spelling metaspace(JsonNode part) {
        String mark = part.path("replacement").asString("");
        return token -> token.replace(mark, " ").getBytes(StandardCharsets.UTF_8);
    }

    private static Spelling sequence(JsonNode parts) {
        Spelling spelling = token -> token.getBytes(StandardCharsets.UTF_8);
        boolean fused = false;
        for (JsonNode part : parts) {
            switch (Parts.type(part)) {
                case "ByteLevel" -> spelling = TokenBytes::ofLetters;
                case "Replace" -> spelling = replaced(part, spelling);
                case "ByteFallback" -> spelling = fallback(spelling);
                case "Fuse" -> fused = true;
                case "Strip" -> requireFirstSpace(part, fused);
                default ->
                    throw new ModelFormatException("a decoder with the part '%s' is not supported for language models"
                            .formatted(Parts.type(part)));
            }
        }
        return spelling;
    }

    private static Spelling replaced(JsonNode part, Spelling after) {
        JsonNode pattern = part.path("pattern").path("String");
        if (!pattern.isString()) {
            throw new ModelFormatException("Replace of a decoder must have a String as its pattern");
        }
        String content = part.path("content").asString("");
        return token -> after.bytes(token.replace(pattern.stringValue(), content));
    }

    /** {@code <0x0A>} is the byte 10. */
    private static Spelling fallback(Spelling otherwise) {
        return token -> {
            boolean one = token.length() == 6 && token.startsWith("<0x") && token.endsWith(">");
            return one && HexFormat.isHexDigit(token.charAt(3)) && HexFormat.isHexDigit(token.charAt(4))
                    ? new byte[] {(byte) HexFormat.fromHexDigits(token, 3, 5)}
                    : otherwise.bytes(token);
        };
    }

    private static void requireFirstSpace(JsonNode part, boolean fused) {
        boolean first = part.path("content").asString("").equals(" ")
                && part.path("start").intValue() == 1
                && part.path("stop").intValue() == 0;
        if (!first || !fused) {
            throw new ModelFormatException("Strip of a decoder must take one space from the beginning, after Fuse");
        }
    }

    /** A byte-level token; one with a letter that stands for no byte is written as it is. */
    private static byte[] ofLetters(String token) {
        byte[] result = new byte[token.length()];
        for (int i = 0; i < result.length; i++) {
            char letter = token.charAt(i);
            int b = letter < BYTE_OF_LETTER.length ? BYTE_OF_LETTER[letter] : -1;
            if (b < 0) {
                return token.getBytes(StandardCharsets.UTF_8);
            }
            result[i] = (byte) b;
        }
        return result;
    }

    /**
     * GPT-2's table: printable bytes of Latin-1 are their own letters, the others are the letters from U+0100 on, in
     * their order.
     */
    private static int[] letters() {
        int[] bytes = new int[512];
        Arrays.fill(bytes, -1);
        int next = 256;
        for (int b = 0; b < 256; b++) {
            boolean printable = (b >= '!' && b <= '~') || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
            bytes[printable ? b : next++] = b;
        }
        return bytes;
    }

    /** What the token adds to a text; nothing for a special one, and for an id that no token has. */
    byte[] of(long id) {
        return bytes[Objects.checkIndex(Math.toIntExact(id), bytes.length)];
    }
}
