package dev.perennial.lora.chat;

import dev.perennial.lora.jinja.Arguments;
import dev.perennial.lora.jinja.Constant;
import dev.perennial.lora.jinja.Function;
import dev.perennial.lora.jinja.Template;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model's chat template: from messages to the text before tokenisation, equal to {@code apply_chat_template(messages,
 * tokenize=False)} of transformers 5.18 in every character, or refused. Tokenise the result without adding special
 * tokens: the template writes them.
 *
 * <p>Checked against transformers for ChatML, Qwen2 and Qwen2.5, Llama-3 and 3.1, and Mistral. Different: no tools, no
 * documents, contents are plain strings; special tokens are those that the directory names, without the defaults that a
 * tokenizer's Python class may add.
 */
public final class ChatTemplate {
    private final Template template;
    private final Map<String, String> specialTokens;
    private final Clock clock;

    private ChatTemplate(Template template, Map<String, String> specialTokens, Clock clock) {
        this.template = template;
        this.specialTokens = Map.copyOf(specialTokens);
        this.clock = clock;
    }

    /**
     * A template given as text.
     *
     * @param specialTokens by the names that templates use, {@code bos_token} and the like
     * @param clock for templates that write the date
     * @throws dev.perennial.lora.jinja.TemplateException if it cannot be rendered like the reference
     */
    public static ChatTemplate of(String template, Map<String, String> specialTokens, Clock clock) {
        return new ChatTemplate(Template.parse(template), specialTokens, clock);
    }

    /**
     * The template of a model directory: {@code chat_template.jinja}, or else {@code chat_template} in
     * {@code tokenizer_config.json}, a string or a list from which {@code default} is taken.
     *
     * @throws dev.perennial.lora.ModelFormatException if there is none or it cannot be rendered like the reference
     */
    public static ChatTemplate read(Path directory, Clock clock) {
        TokenizerFiles files = TokenizerFiles.read(directory);
        return of(files.template(), files.specialTokens(), clock);
    }

    /** The conversation and the words that begin an assistant's answer: what a model is asked with. */
    public String prompt(List<ChatMessage> messages) {
        return render(messages, true);
    }

    /** The conversation alone: what a model is trained on. */
    public String transcript(List<ChatMessage> messages) {
        return render(messages, false);
    }

    /**
     * Where in {@link #transcript} the assistant's answers stand, each from behind the words that begin an answer to the
     * end of its turn, so with the token that ends it: what a model is to learn of a conversation. A first message answers nothing.
     *
     * @throws ConversationRefusedException if the template changes earlier text when later turns follow: what the model
     *     would be asked with is then no part of the transcript, and the turns must be trained on one by one
     */
    public List<TextSpan> answers(List<ChatMessage> messages) {
        String whole = transcript(messages);
        List<TextSpan> answers = new ArrayList<>();
        for (int i = 1; i < messages.size(); i++) {
            if (messages.get(i).role().equals("assistant")) {
                String before = prompt(messages.subList(0, i));
                String with = transcript(messages.subList(0, i + 1));
                if (!with.startsWith(before) || !whole.startsWith(with)) {
                    throw new ConversationRefusedException("the model's template writes the turns before answer " + i
                            + " differently when others follow; train on each answer as a conversation of its own");
                }
                answers.add(new TextSpan(before.length(), with.length()));
            }
        }
        return answers;
    }

    private String render(List<ChatMessage> messages, boolean addGenerationPrompt) {
        Map<String, Object> variables = new HashMap<>(specialTokens);
        variables.put("messages", messages.stream().map(ChatTemplate::variables).toList());
        variables.put("add_generation_prompt", addGenerationPrompt);
        variables.put("tools", Constant.NONE);
        variables.put("documents", Constant.NONE);
        variables.put("raise_exception", (Function) ChatTemplate::raise);
        variables.put("strftime_now", (Function) this::now);
        return template.render(variables);
    }

    private static Map<String, Object> variables(ChatMessage message) {
        Map<String, Object> variables = new LinkedHashMap<>();
        variables.put("role", message.role());
        variables.put("content", message.content());
        return variables;
    }

    private static Object raise(Arguments arguments) {
        throw new ConversationRefusedException(arguments.text("raise_exception"));
    }

    private Object now(Arguments arguments) {
        return DateFormat.format(arguments.text("strftime_now"), clock);
    }
}
