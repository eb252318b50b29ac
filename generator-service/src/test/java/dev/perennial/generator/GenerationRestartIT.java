package dev.perennial.generator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.common.event.GenerationEvent.GenerationCompleted;
import dev.perennial.common.event.SampleEvent.SampleCandidate;
import dev.perennial.embedded.TestBroker;
import dev.perennial.embedded.TestInfrastructure;
import dev.perennial.generator.LlmServer.Request;
import dev.perennial.generator.LlmServer.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GenerationRestartIT {
    private final TestBroker broker = TestInfrastructure.freshBroker();
    private LlmServer llm;
    private GeneratorProbe probe;

    @BeforeEach
    void open() {
        llm = new LlmServer();
        probe = new GeneratorProbe(broker);
    }

    @AfterEach
    void close() {
        probe.close();
        llm.close();
    }

    @AfterAll
    void stopBroker() {
        broker.close();
    }

    private void startWith(String... settings) {
        start(settings);
        probe.put("/api/templates/intents", "application/yaml", Fixtures.TEMPLATE);
        probe.put("/api/models/support/knowledge/devices.md", "text/plain", Fixtures.KNOWLEDGE);
        probe.declare(Fixtures.spec("support", "default", 1_000_000, "intents"));
    }

    private void start(String... settings) {
        List<String> all = new ArrayList<>(List.of(
                "--perennial.llm.url=" + llm.url(),
                "--perennial.generator.run.concurrency=3",
                "--perennial.generator.resilience.first-backoff=10ms",
                "--perennial.generator.resilience.calls-per-second=100"));
        all.addAll(List.of(settings));
        probe.start(all.toArray(String[]::new));
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
        startWith();
        probe.request("cut", "support", Map.of("offline", 80, "slow", 80));
        GeneratorProbe.await(() -> llm.received().size() >= 10);

        probe.stop();
        held.countDown();
        llm.behave(LlmServer::utterances);
        start();

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
    void an_outage_without_end_ends_the_run_after_its_patience() {
        llm.behave(request -> Response.error(503));
        startWith(
                "--perennial.generator.run.give-up-after=1s",
                "--perennial.generator.resilience.attempts=1",
                "--perennial.generator.resilience.breaker-pause=100ms");
        probe.request("silence", "support", Map.of("offline", 10));

        assertThat(probe.completed("silence").outcome()).isEqualTo("failed");
        assertThat(probe.get("/api/generations/silence").json().path("message").stringValue())
                .startsWith("No progress for");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
