package dev.perennial.lora;

import dev.perennial.lora.chat.ChatMessage;
import java.util.Arrays;
import java.util.List;

/** What a language model is to go on from. */
public sealed interface Prompt {
    static Prompt text(String text) {
        return new Text(text);
    }

    static Prompt chat(ChatMessage... messages) {
        return new Chat(List.of(messages));
    }

    static Prompt tokens(long... ids) {
        return new Tokens(Arrays.stream(ids).boxed().toList());
    }

    /** A plain text; the tokenizer puts its special tokens around it. */
    record Text(String text) implements Prompt {}

    /** A conversation, written by the model's own chat template; the answer to it is asked for. */
    record Chat(List<ChatMessage> messages) implements Prompt {
        public Chat {
            messages = List.copyOf(messages);
        }
    }

    /** Taken as they are. */
    record Tokens(List<Long> ids) implements Prompt {
        public Tokens {
            ids = List.copyOf(ids);
        }
    }
}
