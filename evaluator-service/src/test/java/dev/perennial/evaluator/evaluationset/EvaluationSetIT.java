package dev.perennial.evaluator.evaluationset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.common.event.EvaluationEvent.EvaluationSetDeclared;
import dev.perennial.common.text.ContentHash;
import dev.perennial.evaluator.EvaluatorServer;
import dev.perennial.evaluator.EvaluatorServer.Answer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationSetIT {
    private static final String JSON_LINES = "application/x-ndjson";

    @TempDir
    static Path artifacts;

    static EvaluatorServer server;

    @BeforeAll
    static void start() {
        server = new EvaluatorServer(artifacts);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void is_stored_listed_and_told_once_however_often_it_is_uploaded() {
        server.declare("set-once", "holdout");
        String rows = """
                {"text": "no picture", "label": "tv"}
                {"text": "No picture!", "label": "tv"}
                {"text": "too dear", "label": "bill"}
                """;

        Answer first = server.put("/api/models/set-once/evaluation-sets/holdout", JSON_LINES, rows);
        Answer again = server.put("/api/models/set-once/evaluation-sets/holdout", JSON_LINES, rows);

        assertThat(first.body().toString())
                .isEqualTo("{\"set\":\"holdout\",\"samples\":2,\"repeated\":1,\"changed\":true}");
        assertThat(again.body().get("changed").asBoolean()).isFalse();
        assertThat(server.published(EvaluationSetDeclared.class, "set-once", 1))
                .containsExactly(new EvaluationSetDeclared(
                        "set-once",
                        "holdout",
                        0,
                        1,
                        List.of(ContentHash.of("no picture"), ContentHash.of("too dear"))));
        Answer list = server.get("/api/models/set-once/evaluation-sets");
        assertThat(list.body().get("total").asInt()).isEqualTo(1);
        assertThat(list.body().get("items").get(0).get("version").asInt()).isEqualTo(1);
    }

    @Test
    void gets_a_new_version_with_other_content_and_keeps_the_old_one() {
        server.declare("set-versions", "holdout");
        server.put("/api/models/set-versions/evaluation-sets/holdout", "text/csv", "text,label\nno picture,tv\n");
        server.put("/api/models/set-versions/evaluation-sets/holdout", "text/csv", "text,label\ntoo dear,bill\n");

        EvaluationSet newest = server.bean(EvaluationSets.class)
                .newest("set-versions", "holdout")
                .orElseThrow();

        assertThat(newest.version()).isEqualTo(2);
        assertThat(newest.texts()).hasSize(1);
        assertThat(server.published(EvaluationSetDeclared.class, "set-versions", 2))
                .extracting(declared -> declared.contentHashes().getFirst())
                .containsExactly(ContentHash.of("no picture"), ContentHash.of("too dear"));
    }

    @Test
    void is_told_in_parts_when_it_is_large() {
        server.declare("set-large", "holdout");
        String rows = IntStream.range(0, 4100)
                .mapToObj(i -> "text number " + i + ",tv")
                .collect(Collectors.joining("\n", "text,label\n", "\n"));

        server.put("/api/models/set-large/evaluation-sets/holdout", "text/csv", rows);

        List<EvaluationSetDeclared> parts = server.published(EvaluationSetDeclared.class, "set-large", 3);
        assertThat(parts).extracting(EvaluationSetDeclared::part).containsExactly(0, 1, 2);
        assertThat(parts).allMatch(part -> part.parts() == 3);
        assertThat(parts.stream().mapToInt(part -> part.contentHashes().size())).containsExactly(2000, 2000, 100);
    }

    @Test
    void is_refused_as_a_whole_when_a_row_is_wrong_and_says_which() {
        server.declare("set-wrong", "holdout");

        Answer answer = server.put("/api/models/set-wrong/evaluation-sets/holdout", JSON_LINES, """
                {"text": "no picture", "label": "tv"}
                {"text": "no sound", "label": "radio"}
                {"text": "cut o
                """);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("code")).isEqualTo("invalid-rows");
        assertThat(answer.text("detail")).contains("2 rows are wrong").contains("nothing was changed");
        assertThat(answer.body().get("rows").get(0).get("row").asInt()).isEqualTo(2);
        assertThat(answer.body().get("rows").get(1).get("row").asInt()).isEqualTo(3);
        assertThat(server.bean(EvaluationSets.class).newest("set-wrong", "holdout"))
                .isEmpty();
    }

    @Test
    void is_refused_under_a_name_that_the_spec_does_not_have() {
        server.declare("set-name", "holdout", "core");

        Answer answer = server.put("/api/models/set-name/evaluation-sets/hold-out", "text/csv", "text,label\na,tv\n");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.text("code")).isEqualTo("evaluation-set-unknown");
        assertThat(answer.text("detail")).contains("holdout, core").contains("evaluation.sets");
    }

    @Test
    void is_refused_for_an_unknown_model() {
        Answer answer = server.put("/api/models/nobody/evaluation-sets/holdout", "text/csv", "text,label\na,tv\n");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.text("code")).isEqualTo("model-unknown");
    }

    @Test
    void is_refused_empty_too_large_or_in_another_format() {
        server.declare("set-body", "holdout");
        String path = "/api/models/set-body/evaluation-sets/holdout";

        Answer empty = server.put(path, JSON_LINES, "\n");
        Answer large = server.put(path, JSON_LINES, "x".repeat(10 << 20));
        Answer other = server.put(path, "application/xml", "<rows/>");

        assertThat(empty.text("code")).isEqualTo("no-rows");
        assertThat(large.status()).isEqualTo(413);
        assertThat(large.text("code")).isEqualTo("body-too-large");
        assertThat(other.status()).isEqualTo(415);
        assertThat(other.text("code")).isNotBlank();
    }
}
