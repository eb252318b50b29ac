package dev.perennial.generator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.common.event.EventIds;
import dev.perennial.common.event.GenerationEvent.GenerationCompleted;
import dev.perennial.common.event.SampleEvent.SampleCandidate;
import dev.perennial.common.event.SampleEvent.SampleScored;
import dev.perennial.common.event.SamplePayload.LabelledText;
import dev.perennial.common.event.SampleSource;
import dev.perennial.common.text.ContentHash;
import dev.perennial.embedded.TestBroker;
import dev.perennial.embedded.TestInfrastructure;
import dev.perennial.generator.GeneratorProbe.Answer;
import dev.perennial.generator.seed.Seed;
import dev.perennial.generator.seed.SeedStore;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OfflineGenerationIT {
    private final TestBroker broker = TestInfrastructure.freshBroker();
    private final GeneratorProbe probe = new GeneratorProbe(broker);

    @BeforeAll
    void start() {
        probe.start("--perennial.generator.seeds-per-label=3", "--perennial.generator.knowledge.file=2KB");
        assertThat(probe.put("/api/templates/intents", "application/yaml", Fixtures.TEMPLATE)
                        .status())
                .isEqualTo(200);
    }

    @AfterAll
    void stop() {
        probe.close();
        broker.close();
    }

    @Test
    void a_request_becomes_candidates_with_provenance_and_a_completion_that_counts_them() {
        declare("support");

        probe.request("run-1", "support", Map.of("offline", 12, "slow", 9));

        GenerationCompleted completed = probe.completed("run-1");
        List<SampleCandidate> candidates = probe.candidates("run-1");
        assertThat(completed.outcome()).isEqualTo("complete");
        assertThat(completed.requested()).isEqualTo(21);
        assertThat(completed.published()).isEqualTo(21).isEqualTo(candidates.size());
        assertThat(byLabel(candidates)).isEqualTo(Map.of("offline", 12, "slow", 9));
        assertThat(candidates)
                .extracting(candidate -> ContentHash.of(candidate.payload().text()))
                .doesNotHaveDuplicates();
        assertThat(candidates).allSatisfy(candidate -> {
            assertThat(candidate.source()).isEqualTo(SampleSource.SYNTHETIC);
            assertThat(candidate.provenance().origin()).isEqualTo("offline");
            assertThat(candidate.provenance().llm()).isNull();
            assertThat(candidate.provenance().strategy()).isEqualTo("grammar");
            assertThat(candidate.provenance().template()).isEqualTo("intents@1");
            assertThat(candidate.provenance().callKey()).hasSize(64);
        });
        assertThat(candidates).extracting(SampleCandidate::sampleId).contains(EventIds.of("generator", "run-1", 0, 0));
    }

    @Test
    void progress_is_served_while_it_runs_and_afterwards() {
        declare("progress");
        probe.request("run-2", "progress", Map.of("offline", 4, "unheard_of", 5));
        probe.completed("run-2");

        Answer run = probe.get("/api/generations/run-2");

        assertThat(run.status()).isEqualTo(200);
        assertThat(run.json().path("status").stringValue()).isEqualTo("complete");
        assertThat(run.json().path("requested").intValue()).isEqualTo(9);
        assertThat(run.json().path("published").intValue()).isEqualTo(4);
        assertThat(run.json().path("callsDone").intValue())
                .isEqualTo(run.json().path("callsTotal").intValue())
                .isPositive();
        assertThat(run.json().path("yield").doubleValue()).isBetween(0.1, 1.0);
        assertThat(run.json().path("tokens").longValue()).isZero();
        assertThat(run.json().path("message").stringValue()).contains("unheard_of");
        assertThat(run.json().path("etaSeconds").isNull()).isTrue();
        assertThat(probe.get("/api/models/progress/generations?size=1")
                        .json()
                        .path("total")
                        .intValue())
                .isEqualTo(1);
        assertThat(probe.get("/api/generations/none").code()).isEqualTo("generation-unknown");
    }

    @Test
    void a_request_told_twice_is_one_run() {
        declare("twice");
        probe.request("run-3", "twice", Map.of("offline", 3));
        probe.request("run-3", "twice", Map.of("offline", 3));
        probe.completed("run-3");
        probe.request("run-3", "twice", Map.of("offline", 3));
        probe.request("run-4", "twice", Map.of("offline", 3));
        probe.completed("run-4");

        assertThat(probe.candidates("run-3")).hasSize(3);
        assertThat(probe.get("/api/models/twice/generations")
                        .json()
                        .path("total")
                        .intValue())
                .isEqualTo(2);
    }

    @Test
    void a_run_without_what_it_needs_ends_as_failed_and_says_what_to_send() {
        probe.declare(Fixtures.spec("forgetful", "openai", 1, "intents"));
        probe.request("run-5", "forgetful", Map.of("offline", 3));

        GenerationCompleted completed = probe.completed("run-5");

        assertThat(completed.outcome()).isEqualTo("failed");
        assertThat(completed.published()).isZero();
        assertThat(probe.get("/api/generations/run-5").json().path("message").stringValue())
                .contains("PUT /api/models/forgetful/knowledge/devices.md")
                .contains("PERENNIAL_LLM_URL");
    }

    @Test
    void a_run_of_a_template_that_nobody_sent_fails_instead_of_trying_for_ever() {
        declareWith("untold", "no-such-template");
        probe.request("run-6", "untold", Map.of("offline", 3));

        assertThat(probe.completed("run-6").outcome()).isEqualTo("failed");
        assertThat(probe.get("/api/generations/run-6").json().path("message").stringValue())
                .contains("There is no prompt template 'no-such-template'");
    }

    @Test
    void a_run_that_can_make_nothing_fails_with_its_reasons() {
        probe.put(
                "/api/templates/bare",
                "application/yaml",
                Fixtures.TEMPLATE
                        .substring(0, Fixtures.TEMPLATE.indexOf("grammar:"))
                        .replace("name: intents", "name: bare"));
        declareWith("speechless", "bare");
        probe.request("run-7", "speechless", Map.of("offline", 3));

        assertThat(probe.completed("run-7").outcome()).isEqualTo("failed");
        assertThat(probe.get("/api/generations/run-7").json().path("message").stringValue())
                .contains("no-utterances")
                .contains("grammar");
    }

    @Test
    void a_label_that_is_short_is_topped_up_as_far_as_the_grammar_reaches() {
        declare("short");
        probe.request("run-8", "short", Map.of("offline", 400));

        GenerationCompleted completed = probe.completed("run-8");

        assertThat(completed.outcome()).isEqualTo("complete");
        assertThat(completed.published()).isBetween(40, 60);
        assertThat(probe.jdbc()
                        .sql("select max(wave) from generator.generation_call where generation_id = 'run-8'")
                        .query(Integer.class)
                        .single())
                .isEqualTo(2);
    }

    @Test
    void accepted_real_samples_become_the_newest_seeds_of_their_label_and_are_rewritten() {
        declare("seeded");
        for (int i = 0; i < 5; i++) {
            score("s" + i, SampleSource.REAL, true, "my line is dead since day number " + i);
        }
        score("s4", SampleSource.REAL, false, "my line is dead since day number 4");
        score("synthetic", SampleSource.SYNTHETIC, true, "never a seed");
        score("last", SampleSource.REAL, true, "no connection whatsoever in the cellar, please help");
        SeedStore seeds = probe.bean(SeedStore.class);
        GeneratorProbe.await(() -> seeds.of("seeded", "offline").stream()
                .map(Seed::sampleId)
                .toList()
                .contains("last"));

        assertThat(seeds.of("seeded", "offline")).extracting(Seed::sampleId).containsExactly("s2", "s3", "last");
        probe.request("run-9", "seeded", Map.of("offline", 16));
        probe.completed("run-9");
        assertThat(probe.candidates("run-9"))
                .filteredOn(candidate -> "rewrite".equals(candidate.provenance().strategy()))
                .isNotEmpty()
                .allMatch(candidate -> List.of("s2", "s3", "last")
                        .containsAll(candidate.provenance().seedSamples()));
    }

    @Test
    void the_same_template_is_the_same_version_and_an_older_one_comes_back_as_it_was() {
        String first = Fixtures.TEMPLATE.replace("name: intents", "name: versions");
        String second = first.replace("Facts:", "What is known:");

        assertThat(version(first)).isEqualTo("1 true");
        assertThat(version("# said again\n" + first)).isEqualTo("1 false");
        assertThat(version(second)).isEqualTo("2 true");
        assertThat(version(first)).isEqualTo("1 true");
        assertThat(probe.get("/api/templates/versions?version=2")
                        .json()
                        .path("template")
                        .path("task")
                        .stringValue())
                .contains("What is known:");
        assertThat(probe.get("/api/templates")
                        .json()
                        .path("items")
                        .valueStream()
                        .map(item -> item.path("name").stringValue()))
                .contains("intents", "versions");
        assertThat(probe.get("/api/templates/none").code()).isEqualTo("template-unknown");
    }

    @Test
    void bad_input_is_refused_with_what_to_change_and_changes_nothing() {
        Answer unknownKey = probe.put("/api/templates/bad", "application/yaml", "name: bad\nrolle: x\n");
        assertThat(unknownKey.status()).isEqualTo(400);
        assertThat(unknownKey.code()).isEqualTo("invalid-template");
        assertThat(unknownKey.json().path("violations").get(0).path("path").stringValue())
                .isEqualTo("rolle");
        assertThat(probe.put("/api/templates/bad", "application/yaml", "\tno yaml: [")
                        .status())
                .isEqualTo(400);
        assertThat(probe.put("/api/templates/Bad_Name", "text/plain", Fixtures.TEMPLATE)
                        .code())
                .isEqualTo("invalid-name");
        assertThat(probe.get("/api/templates/bad").status()).isEqualTo(404);

        Answer large = probe.put("/api/models/m/knowledge/large.md", "text/plain", "x".repeat(2049));
        assertThat(large.status()).isEqualTo(413);
        assertThat(large.json().path("detail").stringValue()).contains("2048");
        assertThat(probe.put("/api/models/m/knowledge/empty.md", "text/plain", "  \n")
                        .code())
                .isEqualTo("invalid-knowledge");
        assertThat(probe.get("/api/models/m/knowledge").json().size()).isZero();
        assertThat(probe.put("/api/models/m/knowledge/a.md", "text/plain", "x".repeat(10 << 20))
                        .code())
                .isEqualTo("body-too-large");
    }

    @Test
    void knowledge_says_what_was_understood_of_it() {
        Answer stored = probe.put("/api/models/known/knowledge/devices.md", "text/markdown", Fixtures.KNOWLEDGE);

        assertThat(stored.json().path("lists").valueStream().map(slot -> slot.stringValue()))
                .containsExactly("name", "symptom");
        assertThat(stored.json().path("labels").valueStream().map(label -> label.stringValue()))
                .containsExactly("offline", "slow");
        assertThat(stored.json().path("changed").booleanValue()).isTrue();
        assertThat(probe.put("/api/models/known/knowledge/devices.md", "text/markdown", Fixtures.KNOWLEDGE)
                        .json()
                        .path("changed")
                        .booleanValue())
                .isFalse();
        assertThat(probe.get("/api/models/known/knowledge/devices.md")
                        .json()
                        .path("content")
                        .stringValue())
                .isEqualTo(Fixtures.KNOWLEDGE);
    }

    private String version(String template) {
        Answer answer = probe.put("/api/templates/versions", "application/yaml", template);
        return answer.json().path("version").intValue() + " "
                + answer.json().path("changed").booleanValue();
    }

    private void declare(String model) {
        declareWith(model, "intents");
    }

    private void declareWith(String model, String template) {
        probe.put("/api/models/" + model + "/knowledge/devices.md", "text/plain", Fixtures.KNOWLEDGE);
        probe.declare(Fixtures.spec(model, "offline", 0, template));
    }

    private void score(String id, SampleSource source, boolean accepted, String text) {
        probe.publish(
                "scored-" + id + accepted,
                "one-partition",
                new SampleScored(
                        id,
                        "seeded",
                        source,
                        null,
                        new LabelledText(text, "offline"),
                        ContentHash.of(text),
                        accepted,
                        1,
                        Map.of(),
                        List.of()));
    }

    private static Map<String, Integer> byLabel(List<SampleCandidate> candidates) {
        return candidates.stream()
                .collect(Collectors.groupingBy(
                        candidate -> ((LabelledText) candidate.payload()).label(), Collectors.summingInt(one -> 1)));
    }
}
