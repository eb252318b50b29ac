package dev.perennial.generator.provider.openai;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.NonRetriableException;
import dev.langchain4j.http.client.jdk.JdkHttpClientBuilder;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import dev.langchain4j.model.output.TokenUsage;
import dev.perennial.common.messaging.Faults;
import dev.perennial.generator.provider.Ask;
import dev.perennial.generator.provider.LlmException;
import dev.perennial.generator.provider.LlmException.Kind;
import dev.perennial.generator.provider.Reply;
import dev.perennial.generator.provider.SampleProvider;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** An OpenAI-compatible chat endpoint, asked for one JSON object. Repeats nothing by itself. */
public final class OpenAiProvider implements SampleProvider {
    private static final double TEMPERATURE = 1.0;
    private static final long TOKENS_PER_UTTERANCE = 40;

    private final ChatModel chat;
    private final ModelName model;

    public OpenAiProvider(LlmSettings settings, Duration timeout) {
        this.chat = OpenAiChatModel.builder()
                // Many self-hosted endpoints answer an HTTP/2 upgrade with an error.
                .httpClientBuilder(new JdkHttpClientBuilder()
                        .httpClientBuilder(HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)))
                .baseUrl(settings.url())
                .apiKey(settings.key().isEmpty() ? "none" : settings.key())
                .timeout(timeout)
                .maxRetries(0)
                .build();
        this.model = new ModelName(settings);
    }

    @Override
    public String name() {
        return "openai";
    }

    @Override
    public String llm() {
        return model.get();
    }

    @Override
    public String parameters(Ask ask) {
        return "temperature=" + TEMPERATURE + " seed=" + seed(ask) + " format=json";
    }

    @Override
    public long estimatedTokens(Ask ask) {
        return ask.prompt().estimatedTokens() + TOKENS_PER_UTTERANCE * ask.count();
    }

    @Override
    public Reply reply(Ask ask) {
        try {
            ChatResponse response = chat.chat(ChatRequest.builder()
                    .messages(messages(ask))
                    .parameters(OpenAiChatRequestParameters.builder()
                            .modelName(llm())
                            .temperature(TEMPERATURE)
                            .seed(seed(ask))
                            .responseFormat(ResponseFormat.JSON)
                            .build())
                    .build());
            return reply(ask, response);
        } catch (RuntimeException e) {
            throw fault(e);
        }
    }

    private static List<ChatMessage> messages(Ask ask) {
        List<ChatMessage> messages = new ArrayList<>();
        if (!ask.prompt().system().isEmpty()) {
            messages.add(SystemMessage.from(ask.prompt().system()));
        }
        messages.add(UserMessage.from(ask.prompt().user()));
        return messages;
    }

    /** Two calls of a run may have the same words; their seeds tell them apart. */
    private static int seed(Ask ask) {
        return Objects.hash(ask.seed(), ask.label(), ask.offset()) & Integer.MAX_VALUE;
    }

    /** Endpoints that do not report usage are charged by estimate, never for nothing. */
    private static Reply reply(Ask ask, ChatResponse response) {
        String text = Objects.requireNonNullElse(response.aiMessage().text(), "");
        TokenUsage usage = response.tokenUsage();
        Integer prompt = usage == null ? null : usage.inputTokenCount();
        Integer completion = usage == null ? null : usage.outputTokenCount();
        return new Reply(
                text,
                prompt == null || prompt == 0 ? ask.prompt().estimatedTokens() : prompt,
                completion == null || completion == 0 ? text.length() / 4 + 1L : completion);
    }

    private static LlmException fault(RuntimeException e) {
        String message = Faults.describe(e);
        return switch (e) {
            case LlmException known -> known;
            case AuthenticationException key ->
                new LlmException(Kind.MISCONFIGURED, "the LLM endpoint refused the key; check PERENNIAL_LLM_KEY", e);
            case ModelNotFoundException unknown ->
                new LlmException(
                        Kind.MISCONFIGURED,
                        "the LLM endpoint knows no such address or model; check PERENNIAL_LLM_URL and PERENNIAL_LLM_MODEL",
                        e);
            case NonRetriableException refused -> new LlmException(Kind.REFUSED, message, e);
            case HttpException http
            when http.statusCode() >= 400
                    && http.statusCode() < 500
                    && http.statusCode() != 408
                    && http.statusCode() != 429 -> new LlmException(Kind.REFUSED, message, e);
            default -> new LlmException(Kind.UNAVAILABLE, message, e);
        };
    }
}
