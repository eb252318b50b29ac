package dev.perennial.lora;

import dev.perennial.lora.chat.ChatMessage;
import dev.perennial.lora.chat.ChatTemplate;
import dev.perennial.lora.chat.TextSpan;
import dev.perennial.lora.decoder.CausalExample;
import dev.perennial.lora.tokenizer.TextTokenizer;
import java.util.Arrays;
import java.util.List;

/** Texts cut into tokens to learn from, with what of them is to be learnt. */
record LearningTexts(TextTokenizer tokenizer) {
    /** What the tokens of both do not share from the beginning on is the text's: a token across the border too. */
    static int border(long[] before, long[] whole) {
        int common = Arrays.mismatch(before, whole);
        return common < 0 ? whole.length : common;
    }

    /** A given text and what follows it, with the token that ends it. */
    CausalExample continuation(long[] given, long[] whole, long end) {
        long[] ended = Arrays.copyOf(whole, whole.length + 1);
        ended[whole.length] = end;
        return new CausalExample(ended, border(given, whole));
    }

    /** A conversation, of which the answers are to be learnt. */
    CausalExample conversation(ChatTemplate template, List<ChatMessage> messages) {
        String transcript = template.transcript(messages);
        long[] whole = tokenizer.encodeBare(transcript);
        boolean[] counted = new boolean[whole.length];
        for (TextSpan answer : template.answers(messages)) {
            int from = border(tokenizer.encodeBare(transcript.substring(0, answer.start())), whole);
            int to = border(tokenizer.encodeBare(transcript.substring(0, answer.end())), whole);
            Arrays.fill(counted, from, to, true);
        }
        return new CausalExample(whole, counted, 1);
    }
}
