package dev.perennial.scorer;

import static dev.perennial.scorer.TestScorer.await;
import static dev.perennial.scorer.TestScorer.json;
import static dev.perennial.scorer.TestScorer.synthetic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.common.event.EventIds;
import dev.perennial.common.event.SampleEvent.SampleCandidate;
import dev.perennial.common.event.SampleEvent.SampleScored;
import dev.perennial.common.event.SampleSource;
import dev.perennial.common.messaging.Envelope;
import dev.perennial.common.text.ContentHash;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScorerIT {
    private static final String NO_ENCODER = "duplicates: {threshold: 1.0}, labelAgreement: {top: 0}";
    private static final String NDJSON = "application/x-ndjson";

    private TestScorer scorer;

    @BeforeAll
    void start() {
        scorer = new TestScorer();
    }

    @AfterAll
    void stop() {
        scorer.close();
    }

    @Test
    void a_batch_that_comes_again_gives_the_same_events_and_counts() {
        scorer.declare("again", "{" + NO_ENCODER + "}");
        List<Envelope<SampleCandidate>> batch = IntStream.range(0, 300)
                .mapToObj(i -> synthetic("again", "s" + i, "g-again", text(i % 200), i % 7 == 0 ? "unheard" : "slow"))
                .toList();

        scorer.publish(batch);
        scorer.verdicts("again", 300);
        JsonNode summary = scorer.json("/api/models/again/samples/summary");
        scorer.publish(batch);
        await(() -> told("again").size() == 600);
        scorer.publish(batch);
        await(() -> told("again").size() == 900);

        Map<String, List<Envelope<SampleScored>>> byId =
                told("again").stream().collect(Collectors.groupingBy(Envelope::id));
        assertThat(byId).hasSize(300);
        assertThat(byId.values()).allSatisfy(each -> assertThat(each).hasSize(3).containsOnly(each.getFirst()));
        assertThat(byId)
                .containsKey(EventIds.of("scorer", batch.getFirst().event().sampleId()));
        assertThat(scorer.json("/api/models/again/samples/summary")).isEqualTo(summary);
        assertThat(summary.get("accepted").asInt() + summary.get("rejected").asInt())
                .isEqualTo(300);
        assertThat(summary.get("accepted").asInt())
                .isEqualTo((int) told("again").stream()
                                .filter(each -> each.event().accepted())
                                .count()
                        / 3);
    }

    @Test
    void each_check_of_the_text_rejects_for_its_own_reason() {
        scorer.declare(
                "checks",
                "{rules: [\"!sample.text.contains('http')\"], length: {min: 5, max: 120}, " + NO_ENCODER + "}");
        scorer.holdOut("checks", "this one is for evaluation only");
        String near = "since the storm on tuesday my gateway in the basement shows a red light and nothing works";

        scorer.publish(List.of(
                synthetic("checks", "good", null, near, "offline"),
                synthetic("checks", "exact", null, near.toUpperCase(java.util.Locale.ROOT) + "!", "offline"),
                synthetic("checks", "near", null, near + " anymore", "offline"),
                synthetic("checks", "rule", null, "see http://example.org/x", "offline"),
                synthetic("checks", "label", null, "what is this about", "Offline"),
                synthetic("checks", "short", null, "hm", "offline"),
                synthetic("checks", "leak", null, "This one is for EVALUATION only.", "offline")));

        Map<String, List<String>> reasons = scorer.verdicts("checks", 7).stream()
                .collect(Collectors.toMap(SampleScored::sampleId, SampleScored::reasons));
        assertThat(reasons.get(id("checks", "rule"))).containsExactly("rule:!sample.text.contains('http')");
        assertThat(reasons.get(id("checks", "label"))).containsExactly("label-unknown");
        assertThat(reasons.get(id("checks", "short"))).containsExactly("text-too-short");
        assertThat(reasons.get(id("checks", "leak"))).containsExactly("evaluation-leak");
        // Which of three like texts on several partitions comes first is open, but one stays.
        assertThat(List.of(
                        reasons.get(id("checks", "good")),
                        reasons.get(id("checks", "exact")),
                        reasons.get(id("checks", "near"))))
                .containsOnlyOnce(List.of())
                .filteredOn(each -> !each.isEmpty())
                .allSatisfy(each -> assertThat(each).isSubsetOf("duplicate-exact", "duplicate-near"));
    }

    @Test
    void several_replicas_and_a_restart_accept_each_text_once() {
        scorer.declare("replicas", "{" + NO_ENCODER + "}");
        List<Envelope<SampleCandidate>> batch = new ArrayList<>();
        for (int copy = 0; copy < 4; copy++) {
            for (int i = 0; i < 300; i++) {
                batch.add(synthetic("replicas", copy + "-" + i, null, text(1000 + i), "slow"));
            }
        }

        try (var replica = scorer.startReplica()) {
            assertThat(replica.isRunning()).isTrue();
            scorer.publish(batch.subList(0, 700));
            scorer.publish(batch.subList(700, 1200));
            List<SampleScored> verdicts = scorer.verdicts("replicas", 1200);
            assertThat(verdicts.stream().filter(SampleScored::accepted).count()).isEqualTo(300);
        }
        try (var restarted = scorer.startReplica()) {
            assertThat(restarted.isRunning()).isTrue();
            scorer.publish(IntStream.range(0, 300)
                    .mapToObj(i -> synthetic("replicas", "late-" + i, null, text(1000 + i), "slow"))
                    .toList());
            List<SampleScored> verdicts = scorer.verdicts("replicas", 1500);
            assertThat(verdicts.stream().filter(SampleScored::accepted).count()).isEqualTo(300);
        }
    }

    @Test
    void a_cohort_is_judged_with_the_encoder_when_its_generation_is_complete() {
        scorer.declare("cohort", "{}");
        upload("cohort", realSamples(), "");
        await(() -> scorer.verdicts("cohort", 18).size() == 18);

        scorer.publish(List.of(
                synthetic("cohort", "a", "g1", "why did my bill go up in march", "billing"),
                synthetic("cohort", "b", "g1", "in march why did my bill go up", "billing"),
                synthetic("cohort", "c", "g1", "the line has been dead since noon", "billing"),
                synthetic("cohort", "d", "g1", "every page takes forever tonight", "slow")));
        await(() ->
                scorer.json("/api/models/cohort/samples/summary").get("pending").asInt() == 4);
        scorer.completed("cohort", "g1", 4);

        assertThat(scorer.verdict("cohort", "why did my bill go up in march").accepted())
                .isTrue();
        assertThat(scorer.verdict("cohort", "in march why did my bill go up").reasons())
                .containsExactly("duplicate-semantic");
        SampleScored wrong = scorer.verdict("cohort", "the line has been dead since noon");
        assertThat(wrong.reasons()).as(wrong.toString()).containsExactly("label-disagrees");
        assertThat(wrong.scores()).containsKeys("labelAgreement", "labelRank", "nearDuplicate");
        assertThat(wrong.generationId()).isEqualTo("g1");
        assertThat(scorer.verdict("cohort", "every page takes forever tonight").accepted())
                .isTrue();
        JsonNode summary = scorer.json("/api/models/cohort/samples/summary");
        assertThat(summary.get("pending").asInt()).isZero();
        assertThat(summary.get("accepted").asInt()).isEqualTo(20);
        assertThat(scorer.json("/api/models/cohort/samples?generationId=g1&verdict=rejected")
                        .get("total")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void candidates_whose_generation_never_completes_are_judged_after_a_while_and_told_again_alike() {
        scorer.declare("stray", "{}");
        upload("stray", realSamples(), "");
        scorer.verdicts("stray", 18);
        List<Envelope<SampleCandidate>> batch =
                List.of(synthetic("stray", "a", "g2", "the line broke down again today", "offline"));

        scorer.publish(batch);
        SampleScored first = scorer.verdict("stray", "the line broke down again today");
        scorer.publish(batch);
        await(() -> told("stray").stream()
                        .filter(each -> each.event().sampleId().equals(first.sampleId()))
                        .count()
                == 2);

        assertThat(told("stray").stream()
                        .filter(each -> each.event().sampleId().equals(first.sampleId()))
                        .distinct())
                .hasSize(1);
    }

    @Test
    void an_upload_becomes_real_samples_once() {
        scorer.declare("upload", "{}");
        String body = """
                {"text": "  The router\\u200b is\\tOFFLINE ", "label": "offline"}

                {"text": "cafe\\u0301 wifi is slow", "label": "slow"}
                {"text": "café wifi is slow!", "label": "slow"}
                """;

        HttpResponse<String> first = upload("upload", body, "");
        List<SampleScored> verdicts = scorer.verdicts("upload", 2);
        HttpResponse<String> second = upload("upload", body, "");

        assertThat(json(first).get("received").asInt()).isEqualTo(3);
        assertThat(json(first).get("queued").asInt()).isEqualTo(2);
        assertThat(json(first).get("duplicates").asInt()).isEqualTo(1);
        assertThat(verdicts)
                .allMatch(SampleScored::accepted)
                .allMatch(each -> each.source() == SampleSource.REAL)
                .extracting(each -> each.payload().text())
                .containsExactlyInAnyOrder("The router is OFFLINE", "café wifi is slow");
        assertThat(json(second).get("queued").asInt()).isZero();
        assertThat(json(second).get("duplicates").asInt()).isEqualTo(3);
    }

    @Test
    void a_csv_upload_may_quote_commas_quotes_and_line_breaks() {
        scorer.declare("csv", "{}");

        HttpResponse<String> response = scorer.upload("csv", "text/csv", """
                label,text
                offline,"red light, no ""internet"",
                nothing works"
                slow,pages crawl
                """, "");

        assertThat(json(response).get("queued").asInt()).as(response.body()).isEqualTo(2);
        assertThat(scorer.verdicts("csv", 2))
                .extracting(each -> each.payload().text())
                .containsExactlyInAnyOrder("red light, no \"internet\", nothing works", "pages crawl");
    }

    @Test
    void rows_that_are_refused_are_reported_and_nothing_is_stored() {
        scorer.declare("refused", "{}");
        scorer.holdOut("refused", "is my line down");
        String body = """
                {"text": "a fine sample", "label": "slow"}
                {"text": "broken", "label":
                {"text": "who knows", "label": "unheard"}
                {"label": "slow"}
                {"text": "Is my line down?", "label": "offline"}
                {"text": "a fine Sample.", "label": "billing"}
                """;

        HttpResponse<String> response = upload("refused", body, "");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
        JsonNode problem = json(response);
        assertThat(problem.get("code").asString()).isEqualTo("samples-refused");
        assertThat(problem.get("rows")
                        .valueStream()
                        .map(row ->
                                row.get("row").asInt() + " " + row.get("code").asString()))
                .containsExactly(
                        "2 unreadable", "3 label-unknown", "4 text-missing", "5 evaluation-leak", "6 contradiction");
        assertThat(count("scorer.outbox")).isZero();
        assertThat(scorer.json("/api/models/refused/samples").get("total").asInt())
                .isZero();

        JsonNode skipped = json(upload("refused", body, "?onError=skip"));
        assertThat(skipped.get("queued").asInt()).isEqualTo(1);
        assertThat(skipped.get("rejected").asInt()).isEqualTo(5);
        assertThat(scorer.verdicts("refused", 1).getFirst().accepted()).isTrue();
    }

    @Test
    void a_bad_request_says_what_to_change() {
        scorer.declare("bad", "{}");

        assertThat(json(upload("bad", "", "")).get("code").asString()).isEqualTo("no-samples");
        assertThat(json(upload("nobody", "{}", "")).get("code").asString()).isEqualTo("model-unknown");
        assertThat(json(upload("bad", "{}", "?onError=ignore")).get("code").asString())
                .isEqualTo("invalid-parameter");
        assertThat(json(scorer.upload("bad", "text/csv", "a,b\n1,2\n", ""))
                        .get("code")
                        .asString())
                .isEqualTo("csv-header");
        assertThat(scorer.upload("bad", "application/xml", "<a/>", "").statusCode())
                .isEqualTo(415);
        assertThat(json(scorer.get("/api/models/bad/samples?verdict=maybe"))
                        .get("detail")
                        .asString())
                .isEqualTo("verdict must be pending or accepted or rejected.");
        assertThat(upload("bad", "{\"text\":\"" + "a".repeat(10_000_000) + "\"}", "")
                        .statusCode())
                .isEqualTo(413);
    }

    private HttpResponse<String> upload(String model, String body, String query) {
        return scorer.upload(model, NDJSON, body, query);
    }

    private List<Envelope<SampleScored>> told(String model) {
        return scorer.scored.stream()
                .filter(each -> each.event().model().equals(model))
                .toList();
    }

    private int count(String table) {
        return scorer.jdbc()
                .sql("select count(*) from " + table)
                .query(Integer.class)
                .single();
    }

    private static String id(String model, String id) {
        return EventIds.of("test", model, id);
    }

    private static String text(int number) {
        return "words number " + ContentHash.of("a" + number) + " and " + ContentHash.of("b" + number);
    }

    private static String realSamples() {
        StringBuilder body = new StringBuilder();
        List<String> words = List.of("alpha", "bravo", "charlie", "delta", "echo", "foxtrot");
        for (int i = 0; i < 6; i++) {
            String word = words.get(i);
            body.append("{\"text\": \"bill ").append(word).append("\", \"label\": \"billing\"}\n");
            body.append("{\"text\": \"line ").append(word).append("\", \"label\": \"offline\"}\n");
            body.append("{\"text\": \"page ").append(word).append("\", \"label\": \"slow\"}\n");
        }
        return body.toString();
    }
}
