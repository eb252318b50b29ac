package dev.perennial.generator.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.generator.LlmServer;
import dev.perennial.generator.LlmServer.Request;
import dev.perennial.generator.LlmServer.Response;
import dev.perennial.generator.provider.LlmException;
import dev.perennial.generator.provider.LlmException.Kind;
import dev.perennial.generator.provider.Reply;
import dev.perennial.generator.provider.SampleProvider;
import dev.perennial.generator.provider.SampleProviderContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenAiProviderIT extends SampleProviderContract {
    private final LlmServer server = new LlmServer();

    @Override
    protected SampleProvider provider() {
        return provider("a-model");
    }

    private SampleProvider provider(String model) {
        return new OpenAiProvider(new LlmSettings(server.url() + "/", "secret-key", model), Duration.ofSeconds(20));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void asks_for_one_json_object_with_both_messages_the_key_and_a_seed_over_http_1() {
        Reply reply = provider().reply(ask("slow", 3, 4));

        Request request = server.received().getFirst();
        assertThat(request.authorization()).isEqualTo("Bearer secret-key");
        assertThat(request.protocol()).isEqualTo("HTTP/1.1");
        assertThat(request.json().path("model").stringValue()).isEqualTo("a-model");
        assertThat(request.json().path("response_format").path("type").stringValue())
                .isEqualTo("json_object");
        assertThat(request.json().path("seed").isInt()).isTrue();
        assertThat(request.json()
                        .path("messages")
                        .valueStream()
                        .map(message -> message.path("role").stringValue()))
                .containsExactly("system", "user");
        assertThat(reply.promptTokens()).isEqualTo(100);
        assertThat(reply.completionTokens()).isEqualTo(50);
    }

    @ParameterizedTest
    @CsvSource({
        "429,UNAVAILABLE",
        "500,UNAVAILABLE",
        "503,UNAVAILABLE",
        "401,MISCONFIGURED",
        "404,MISCONFIGURED",
        "400,REFUSED",
        "422,REFUSED"
    })
    void tells_who_can_do_something_about_an_error_and_tries_only_once(int status, Kind kind) {
        server.behave(request -> Response.error(status));

        assertThatThrownBy(() -> provider().reply(ask("slow", 3, 0)))
                .isInstanceOfSatisfying(
                        LlmException.class, fault -> assertThat(fault.kind()).isEqualTo(kind));
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void an_endpoint_that_is_not_there_is_unavailable() {
        SampleProvider provider = provider();
        server.close();

        assertThatThrownBy(() -> provider.reply(ask("slow", 3, 0)))
                .isInstanceOfSatisfying(
                        LlmException.class, fault -> assertThat(fault.kind()).isEqualTo(Kind.UNAVAILABLE));
    }

    @Test
    void an_endpoint_that_counts_no_tokens_is_charged_by_estimate() {
        server.behave(request -> Response.content("{\"samples\":[\"a request of eight words or nine\"]}", 0, 0));

        Reply reply = provider().reply(ask("slow", 1, 0));

        assertThat(reply.promptTokens()).isPositive();
        assertThat(reply.completionTokens()).isPositive();
    }

    @Test
    void without_a_model_name_the_endpoint_says_which_it_has() {
        assertThat(provider("").llm()).isEqualTo("tiny-writer");
        server.offer("another", "gpt-4o-mini");
        assertThat(provider("").llm()).isEqualTo("gpt-4o-mini");
        server.offer();
        assertThat(provider("").llm()).isEqualTo("gpt-4o-mini");
    }
}
