package dev.perennial.generator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.common.event.Count;
import dev.perennial.common.event.GenerationEvent.GenerationCompleted;
import dev.perennial.common.event.SampleEvent.SampleCandidate;
import dev.perennial.embedded.TestBroker;
import dev.perennial.embedded.TestInfrastructure;
import dev.perennial.generator.LlmServer.Request;
import dev.perennial.generator.LlmServer.Response;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenAiGenerationIT {
    private static final String KNOWLEDGE = "/api/models/support/knowledge/devices.md";

    private final TestBroker broker = TestInfrastructure.freshBroker();
    private LlmServer llm;
    private GeneratorProbe probe;

    @BeforeEach
    void start() {
        llm = new LlmServer();
        probe = new GeneratorProbe(broker);
    }

    @AfterEach
    void stop() {
        probe.close();
        llm.close();
    }

    @AfterAll
    void stopBroker() {
        broker.close();
    }

    private void startWith(long tokensPerDay, String... settings) {
        restart(settings);
        probe.put("/api/templates/intents", "application/yaml", Fixtures.TEMPLATE);
        probe.put(KNOWLEDGE, "text/plain", Fixtures.KNOWLEDGE);
        probe.declare(Fixtures.spec("support", "default", tokensPerDay, "intents"));
    }

    private void restart(String... settings) {
        String[] all = new String[settings.length + 5];
        all[0] = "--perennial.llm.url=" + llm.url();
        all[1] = "--perennial.llm.key=secret";
        all[2] = "--perennial.generator.resilience.first-backoff=10ms";
        all[3] = "--perennial.generator.resilience.calls-per-second=100";
        all[4] = "--perennial.generator.price.prompt-per-million=2";
        System.arraycopy(settings, 0, all, 5, settings.length);
        probe.start(all);
    }

    @Test
    void the_outside_llm_is_the_default_where_it_is_configured_and_its_cost_is_counted() {
        startWith(1_000_000, "--perennial.generator.price.completion-per-million=10");

        probe.request("paid", "support", Map.of("offline", 20, "slow", 5));

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
        assertThat(probe.bean(MeterRegistry.class)
                        .counter("perennial.generation.tokens", "provider", "openai", "type", "prompt")
                        .count())
                .isEqualTo(100.0 * calls);
    }

    @Test
    void a_restart_in_the_middle_pays_for_nothing_twice_and_publishes_every_sample_once() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        AtomicInteger served = new AtomicInteger();
        llm.behave(request -> {
            if (served.incrementAndGet() > 7) {
                await(held);
                return Response.error(503);
            }
            return LlmServer.utterances(request);
        });
        startWith(1_000_000, "--perennial.generator.run.concurrency=3");
        probe.request("cut", "support", Map.of("offline", 80, "slow", 80));
        GeneratorProbe.await(() -> llm.received().size() >= 10);

        probe.stop();
        held.countDown();
        llm.behave(LlmServer::utterances);
        restart("--perennial.generator.run.concurrency=3");

        GenerationCompleted completed = probe.completed("cut");
        assertThat(completed.outcome()).isEqualTo("complete");
        assertThat(completed.published()).isEqualTo(160);
        assertThat(probe.candidates("cut"))
                .hasSize(160)
                .extracting(SampleCandidate::sampleId)
                .doesNotHaveDuplicates();
        assertThat(llm.answered()).extracting(Request::body).doesNotHaveDuplicates();
        int calls = probe.get("/api/generations/cut").json().path("callsTotal").intValue();
        assertThat(llm.answered()).hasSize(calls);
        assertThat(completed.tokens()).isEqualTo(150L * calls);
    }

    @Test
    void the_budget_of_the_day_stops_a_run_and_keeps_what_was_made() {
        startWith(2000, "--perennial.generator.run.concurrency=2");
        probe.request("dear", "support", Map.of("offline", 300));

        GenerationCompleted completed = probe.completed("dear");

        assertThat(completed.outcome()).isEqualTo("budget-exhausted");
        assertThat(completed.published()).isPositive().isLessThan(300);
        assertThat(probe.candidates("dear")).hasSize(completed.published());
        assertThat(completed.tokens()).isPositive().isLessThanOrEqualTo(2000);
        assertThat(llm.answered()).hasSize((int) completed.tokens() / 150);
        int calls = llm.received().size();
        probe.request("dearer", "support", Map.of("offline", 300));
        assertThat(probe.completed("dearer").tokens() + completed.tokens()).isLessThanOrEqualTo(2000);
        assertThat(llm.received().size() - calls).isLessThanOrEqualTo(2);
    }

    @Test
    void an_outage_is_waited_out_and_no_call_is_lost() {
        AtomicInteger requests = new AtomicInteger();
        llm.behave(request -> {
            int number = requests.incrementAndGet();
            return number > 3 && number < 18 ? Response.error(503) : LlmServer.utterances(request);
        });
        startWith(1_000_000, "--perennial.generator.resilience.breaker-pause=200ms");
        probe.request("storm", "support", Map.of("offline", 60));

        GenerationCompleted completed = probe.completed("storm");

        assertThat(completed.outcome()).isEqualTo("complete");
        assertThat(completed.published()).isEqualTo(60);
        assertThat(completed.rejected()).isEmpty();
    }

    @Test
    void an_outage_without_end_ends_the_run_after_its_patience() {
        llm.behave(request -> Response.error(503));
        startWith(
                1_000_000,
                "--perennial.generator.run.give-up-after=1s",
                "--perennial.generator.resilience.attempts=1",
                "--perennial.generator.resilience.breaker-pause=100ms");
        probe.request("silence", "support", Map.of("offline", 10));

        assertThat(probe.completed("silence").outcome()).isEqualTo("failed");
        assertThat(probe.get("/api/generations/silence").json().path("message").stringValue())
                .startsWith("No progress for");
    }

    @Test
    void a_wrong_key_ends_the_run_at_once_and_says_so() {
        llm.behave(request -> Response.error(401));
        startWith(1_000_000);
        probe.request("locked", "support", Map.of("offline", 10));

        assertThat(probe.completed("locked").outcome()).isEqualTo("failed");
        assertThat(probe.get("/api/generations/locked").json().path("message").stringValue())
                .contains("PERENNIAL_LLM_KEY");
    }

    @Test
    void replies_that_are_worth_nothing_are_counted_and_made_up_for() {
        AtomicInteger requests = new AtomicInteger();
        llm.behave(request -> switch (requests.incrementAndGet()) {
            case 1 -> Response.content("I would rather not.");
            case 2 -> Response.error(400);
            case 3 -> Response.content("{\"samples\":[{\"text\":\"fine request\",\"label\":\"slow\"}]}");
            default -> LlmServer.utterances(request);
        });
        startWith(1_000_000, "--perennial.generator.run.concurrency=1");
        probe.request("odd", "support", Map.of("offline", 50));

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

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
