package dev.perennial.generator.reply;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the utterances of a reply: a JSON array, or an object that holds one, of texts or of objects with a text. It is
 * read as a stream, so that what stands before a truncation counts, and prose or fences around it do not.
 */
public final class ReplyReader {
    private static final JsonMapper LENIENT = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .enable(JsonReadFeature.ALLOW_MISSING_VALUES)
            .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
            .enable(JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .enable(JsonReadFeature.ALLOW_UNQUOTED_PROPERTY_NAMES)
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .build();

    private static final int MOST_DOCUMENTS = 5;
    private static final Set<String> TEXT = Set.of("text", "utterance", "content");

    private ReplyReader() {}

    /** What a reply turned out to be. */
    public sealed interface Outcome {

        /**
         * Utterances were found, perhaps none.
         *
         * @param complete false when the document broke off
         */
        record Read(List<Utterance> utterances, boolean complete) implements Outcome {
            public Read {
                utterances = List.copyOf(utterances);
            }
        }

        /** Nothing can be made of it. */
        record Unreadable(String reason) implements Outcome {}
    }

    /** Reads a reply; prose may hold brackets too, so the first document that has utterances is the one. */
    public static Outcome read(String reply) {
        Outcome outcome = new Outcome.Unreadable("no-json");
        int start = start(reply, 0);
        for (int document = 0; start >= 0 && document < MOST_DOCUMENTS; document++) {
            Outcome next = document(reply.substring(start));
            if (next instanceof Outcome.Read(List<Utterance> utterances, boolean complete) && !utterances.isEmpty()) {
                return next;
            }
            outcome = document == 0 ? next : outcome;
            start = start(reply, start + 1);
        }
        return outcome;
    }

    private static Outcome document(String text) {
        Walk walk = new Walk();
        boolean complete = true;
        try (JsonParser parser = LENIENT.createParser(text)) {
            parser.nextToken();
            walk.value(parser);
        } catch (JacksonException e) {
            complete = false;
        }
        return complete || !walk.utterances.isEmpty()
                ? new Outcome.Read(walk.utterances, complete)
                : new Outcome.Unreadable("broken-json");
    }

    private static int start(String reply, int from) {
        int object = reply.indexOf('{', from);
        int array = reply.indexOf('[', from);
        return object < 0 || array < 0 ? Math.max(object, array) : Math.min(object, array);
    }

    /** One pass over the document; an object counts as soon as it is closed. */
    private static final class Walk {
        private final List<Utterance> utterances = new ArrayList<>();

        void value(JsonParser parser) {
            if (parser.currentToken() == JsonToken.START_ARRAY) {
                array(parser);
            } else if (parser.currentToken() == JsonToken.START_OBJECT) {
                object(parser);
            }
        }

        private void array(JsonParser parser) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (parser.currentToken() == JsonToken.VALUE_STRING) {
                    add(parser.getString(), null, null, List.of());
                } else if (parser.currentToken() == null) {
                    return;
                } else {
                    value(parser);
                }
            }
        }

        private void object(JsonParser parser) {
            String text = null;
            String label = null;
            String strategy = null;
            List<String> seeds = List.of();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = parser.currentName();
                JsonToken token = parser.nextToken();
                if (key.equals("seeds") && token == JsonToken.START_ARRAY) {
                    seeds = strings(parser);
                } else if (token != JsonToken.VALUE_STRING) {
                    value(parser);
                } else if (TEXT.contains(key)) {
                    text = parser.getString();
                } else if (key.equals("label")) {
                    label = parser.getString();
                } else if (key.equals("strategy")) {
                    strategy = parser.getString();
                }
            }
            if (text != null) {
                add(text, label, strategy, seeds);
            }
        }

        private static List<String> strings(JsonParser parser) {
            List<String> strings = new ArrayList<>();
            while (parser.nextToken() == JsonToken.VALUE_STRING) {
                strings.add(parser.getString());
            }
            return strings;
        }

        private void add(String text, @Nullable String label, @Nullable String strategy, List<String> seeds) {
            utterances.add(new Utterance(utterances.size(), text, label, strategy, seeds));
        }
    }
}
