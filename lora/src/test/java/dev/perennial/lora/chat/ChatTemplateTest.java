package dev.perennial.lora.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.jinja.TemplateException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class ChatTemplateTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-02-03T04:05:06Z"), ZoneOffset.UTC);
    private static final List<ChatMessage> HELLO = List.of(ChatMessage.user("Hello"));

    @TempDir
    Path directory;

    /** A prompt of null is one that the template refuses. */
    private record Case(
            String name,
            List<ChatMessage> messages,
            @Nullable String prompt,
            @Nullable String transcript) {}

    private record Golden(Map<String, String> specialTokens, List<Case> cases) {}

    @ParameterizedTest
    @ValueSource(
            strings = {"chatml", "qwen2", "qwen2.5", "llama-3", "llama-3.1", "mistral-v0.1", "mistral-v0.3", "corners"})
    void everyCharacterIsThatOfTransformers(String family) throws IOException {
        Golden golden = golden(family);
        ChatTemplate template = template(family);
        assertThat(golden.cases).hasSizeGreaterThan(30);
        for (Case example : golden.cases) {
            check(example, example.prompt, () -> template.prompt(example.messages));
            check(example, example.transcript, () -> template.transcript(example.messages));
        }
    }

    private interface Rendering {
        String text();
    }

    private static void check(Case example, @Nullable String expected, Rendering rendering) {
        if (expected == null) {
            assertThatThrownBy(rendering::text).as(example.name).isInstanceOf(ConversationRefusedException.class);
        } else {
            assertThat(rendering.text()).as(example.name).isEqualTo(expected);
        }
    }

    private static Path resources() {
        try {
            return Path.of(ChatTemplateTest.class.getResource("/chat").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "chatml, '2<|im_end|>\n'",
        "qwen2, '2<|im_end|>\n'",
        "qwen2.5, '2<|im_end|>\n'",
        "llama-3, '2<|eot_id|>'",
        "llama-3.1, '2<|eot_id|>'",
        "mistral-v0.1, 2</s>",
        "mistral-v0.3, ' 2</s>'"
    })
    void theAnswersAreFoundWithTheTokensThatEndThem(String family, String answer) throws IOException {
        List<ChatMessage> messages = List.of(
                ChatMessage.user("2"),
                ChatMessage.assistant("2"),
                ChatMessage.user("and 22"),
                ChatMessage.assistant("22"));
        ChatTemplate template = template(family);
        String text = template.transcript(messages);
        assertThat(template.answers(messages).stream().map(span -> text.substring(span.start(), span.end())))
                .containsExactly(answer, answer.replace("2", "22"));
        assertThat(template.answers(messages.subList(0, 3))).hasSize(1);
        assertThat(template("chatml").answers(messages.subList(1, 2))).isEmpty();
    }

    @Test
    void answersThatLaterTurnsWouldMoveAreRefused() throws IOException {
        List<ChatMessage> messages = List.of(
                ChatMessage.system("Be brief."),
                ChatMessage.user("2"),
                ChatMessage.assistant("2"),
                ChatMessage.user("more"),
                ChatMessage.assistant("22"));
        ChatTemplate template = template("mistral-v0.3"); // writes the system's text before the last question
        assertThatThrownBy(() -> template.answers(messages))
                .isInstanceOf(ConversationRefusedException.class)
                .hasMessageContaining("conversation of its own");
    }

    private static ChatTemplate template(String family) throws IOException {
        Golden golden = golden(family);
        return ChatTemplate.of(Files.readString(resources().resolve(family + ".jinja")), golden.specialTokens, CLOCK);
    }

    private static Golden golden(String family) throws IOException {
        return JsonMapper.shared()
                .readValue(Files.readAllBytes(resources().resolve(family + ".jinja.json")), Golden.class);
    }

    @Test
    void theTemplateFileComesBeforeTheConfigAndTokensMayBeObjects() throws IOException {
        write("tokenizer_config.json", """
                {"chat_template": "config {{ bos_token }}{{ eos_token }}", "bos_token": {"content": "<b>"}}
                """);
        write("special_tokens_map.json", """
                {"bos_token": "<old>", "eos_token": "<e>"}
                """);
        assertThat(prompt()).isEqualTo("config <b><e>");
        write("chat_template.jinja", "file {{ bos_token }}");
        assertThat(prompt()).isEqualTo("file <b>");
    }

    @Test
    void ofSeveralTemplatesTheDefaultIsTaken() throws IOException {
        write("tokenizer_config.json", """
                {"chat_template": [{"name": "tool_use", "template": "t"}, {"name": "default", "template": "d"}]}
                """);
        assertThat(prompt()).isEqualTo("d");
        write("tokenizer_config.json", """
                {"chat_template": [{"name": "tool_use", "template": "t"}]}
                """);
        assertThatThrownBy(this::prompt)
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("[tool_use] and none of them is 'default'");
    }

    @Test
    void aDirectoryWithoutATemplateOrWithABrokenOneIsRefused() throws IOException {
        assertThatThrownBy(this::prompt)
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("has no chat template");
        write("tokenizer_config.json", "{");
        assertThatThrownBy(this::prompt)
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("is no valid JSON");
        Files.write(directory.resolve("tokenizer_config.json"), new byte[] {'{', '"', (byte) 0xff, '"', '}'});
        assertThatThrownBy(this::prompt)
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("UTF-8");
    }

    @Test
    void aDateThatCannotBeWrittenLikePythonIsRefused() {
        ChatTemplate template = ChatTemplate.of("{{ strftime_now('%Y-%m-%d %H:%M:%S %% %B %A %a') }}", Map.of(), CLOCK);
        assertThat(template.prompt(HELLO)).isEqualTo("2026-02-03 04:05:06 % February Tuesday Tue");
        ChatTemplate week = ChatTemplate.of("{{ strftime_now('%U') }}", Map.of(), CLOCK);
        assertThatThrownBy(() -> week.prompt(HELLO)).isInstanceOf(TemplateException.class);
    }

    private String prompt() {
        return ChatTemplate.read(directory, CLOCK).prompt(HELLO);
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(directory.resolve(name), content.strip());
    }
}
