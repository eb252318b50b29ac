package dev.perennial.generator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.common.event.Count;
import dev.perennial.common.event.GenerationEvent.GenerationCompleted;
import dev.perennial.embedded.TestBroker;
import dev.perennial.embedded.TestInfrastructure;
import dev.perennial.generator.LlmServer.Request;
import dev.perennial.generator.LlmServer.Response;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenAiGenerationIT {
    private final TestBroker broker = TestInfrastructure.freshBroker();
    private final LlmServer llm = new LlmServer();
    private final GeneratorProbe probe = new GeneratorProbe(broker);

    @BeforeAll
    void start() {
        probe.start(
                "--perennial.llm.url=" + llm.url(),
                "--perennial.llm.key=secret",
                "--perennial.generator.run.concurrency=1",
                "--perennial.generator.resilience.first-backoff=10ms",
                "--perennial.generator.resilience.calls-per-second=100",
                "--perennial.generator.resilience.breaker-pause=200ms",
                "--perennial.generator.price.prompt-per-million=2",
                "--perennial.generator.price.completion-per-million=10");
        probe.put("/api/templates/intents", "application/yaml", Fixtures.TEMPLATE);
    }

    @AfterAll
    void stop() {
        probe.close();
        llm.close();
        broker.close();
    }

    /** A model and an LLM of its own for each test; the server forgets what it was asked before. */
    private void declare(String model, long tokensPerDay, Function<Request, Response> behaviour) {
        llm.forget();
        llm.behave(behaviour);
        probe.put("/api/models/" + model + "/knowledge/devices.md", "text/plain", Fixtures.KNOWLEDGE);
        probe.declare(Fixtures.spec(model, "default", tokensPerDay, "intents"));
    }

    @Test
    void the_outside_llm_is_the_default_where_it_is_configured_and_its_cost_is_counted() {
        declare("paid", 1_000_000, LlmServer::utterances);
        double before = promptTokens();

        probe.request("paid", "paid", Map.of("offline", 20, "slow", 5));

        GenerationCompleted completed = probe.completed("paid");
        int calls = llm.answered().size();
        assertThat(completed.outcome()).isEqualTo("complete");
        assertThat(completed.published()).isEqualTo(25);
        assertThat(completed.tokens()).isEqualTo(150L * calls);
        var run = probe.get("/api/generations/paid").json();
        assertThat(run.path("cost").doubleValue()).isEqualTo(calls * (100 * 2 + 50 * 10) / 1e6);
        assertThat(run.path("llm").stringValue()).isEqualTo("tiny-writer");
        assertThat(probe.candidates("paid"))
                .extracting(candidate -> candidate.provenance().origin())
                .containsOnly("openai");
        assertThat(probe.candidates("paid"))
                .extracting(candidate -> candidate.provenance().llm())
                .containsOnly("tiny-writer");
        assertThat(promptTokens() - before).isEqualTo(100.0 * calls);
    }

    private double promptTokens() {
        return probe.bean(MeterRegistry.class)
                .counter("perennial.generation.tokens", "provider", "openai", "type", "prompt")
                .count();
    }

    @Test
    void the_budget_of_the_day_stops_a_run_and_keeps_what_was_made() {
        declare("dear", 2000, LlmServer::utterances);
        probe.request("dear", "dear", Map.of("offline", 300));

        GenerationCompleted completed = probe.completed("dear");

        assertThat(completed.outcome()).isEqualTo("budget-exhausted");
        assertThat(completed.published()).isPositive().isLessThan(300);
        assertThat(probe.candidates("dear")).hasSize(completed.published());
        assertThat(completed.tokens()).isPositive().isLessThanOrEqualTo(2000);
        assertThat(llm.answered()).hasSize((int) completed.tokens() / 150);
        int calls = llm.received().size();
        probe.request("dearer", "dear", Map.of("offline", 300));
        assertThat(probe.completed("dearer").tokens() + completed.tokens()).isLessThanOrEqualTo(2000);
        assertThat(llm.received().size() - calls).isLessThanOrEqualTo(2);
    }

    @Test
    void an_outage_is_waited_out_and_no_call_is_lost() {
        AtomicInteger requests = new AtomicInteger();
        declare("storm", 1_000_000, request -> {
            int number = requests.incrementAndGet();
            return number > 3 && number < 12 ? Response.error(503) : LlmServer.utterances(request);
        });
        probe.request("storm", "storm", Map.of("offline", 60));

        GenerationCompleted completed = probe.completed("storm");

        assertThat(completed.outcome()).isEqualTo("complete");
        assertThat(completed.published()).isEqualTo(60);
        assertThat(completed.rejected()).isEmpty();
    }

    @Test
    void a_wrong_key_ends_the_run_at_once_and_says_so() {
        declare("locked", 1_000_000, request -> Response.error(401));
        probe.request("locked", "locked", Map.of("offline", 10));

        assertThat(probe.completed("locked").outcome()).isEqualTo("failed");
        assertThat(probe.get("/api/generations/locked").json().path("message").stringValue())
                .contains("PERENNIAL_LLM_KEY");
    }

    @Test
    void replies_that_are_worth_nothing_are_counted_and_made_up_for() {
        AtomicInteger requests = new AtomicInteger();
        declare("odd", 1_000_000, request -> switch (requests.incrementAndGet()) {
            case 1 -> Response.content("I would rather not.");
            case 2 -> Response.error(400);
            case 3 -> Response.content("{\"samples\":[{\"text\":\"fine request\",\"label\":\"slow\"}]}");
            default -> LlmServer.utterances(request);
        });
        probe.request("odd", "odd", Map.of("offline", 50));

        GenerationCompleted completed = probe.completed("odd");

        assertThat(completed.published()).isEqualTo(50);
        assertThat(completed.rejected())
                .containsExactlyInAnyOrder(
                        new Count("no-json", 1), new Count("call-refused", 1), new Count("wrong-label", 1));
        assertThat(probe.bean(MeterRegistry.class)
                        .counter("perennial.generation.rejected", "reason", "no-json")
                        .count())
                .isEqualTo(1);
    }
}
