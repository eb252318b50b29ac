package dev.perennial.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.standalone.TinyAdapter;
import dev.perennial.standalone.cli.Commands.Ran;
import dev.perennial.standalone.client.PerennialClient;
import dev.perennial.standalone.client.Service;
import dev.perennial.standalone.server.StandaloneServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command of the client against one running server. */
class ClientCommandsIT {
    private static final String MODEL = "tiny";
    private static final String TICKETS = """
            {"text": "no connection at all in the office", "label": "offline"}
            {"text": "pages load like treacle in the cellar", "label": "slow"}
            """;

    private static final String ASKED = """
            {"text": "the box shows a red light and is dead", "label": "offline"}
            {"text": "downloads take for ever these days", "label": "slow"}
            """;

    @TempDir
    static Path directory;

    private static StandaloneServer server;

    @BeforeAll
    static void start() throws IOException {
        // Its log would stand among what the commands print.
        server = StandaloneServer.start(
                directory.resolve("data"), 0, List.of("--logging.level.root=off", "--logging.level.dev.perennial=off"));
        try (PerennialClient client = new PerennialClient(server.endpoints())) {
            client.declare(MODEL, TinyAdapter.spec(MODEL));
            for (byte[] zip : TinyAdapter.zips(3, directory)) {
                client.importVersion(MODEL, zip, "test");
            }
            Patience.untilKnown(() -> client.get(Service.SCHEDULER, "/api/models/" + MODEL + "/pool"));
            Patience.untilKnown(() -> client.get(Service.EVALUATOR, "/api/models/" + MODEL + "/drift"));
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void apply_says_what_it_stored_and_that_the_same_again_changes_nothing() throws IOException {
        Path spec = Files.writeString(directory.resolve("applied.yaml"), TinyAdapter.spec("applied"));
        Path tickets = Files.writeString(directory.resolve("tickets.jsonl"), TICKETS);
        Path asked = Files.writeString(directory.resolve("asked.jsonl"), ASKED);
        String[] apply = {"apply", "-f", "" + spec, "--evaluation-set", "core=" + asked, "--samples", "" + tickets};

        Ran first = ran(apply);

        assertThat(first.status()).as(first.err()).isZero();
        assertThat(first.out().lines())
                .containsExactly(
                        "model applied, spec version 1",
                        "evaluation set core: 2 samples",
                        "samples: 2 on their way to the pool, 0 known before");
        Ran again = ran(apply);
        assertThat(again.out()).as(again.err()).contains("spec version 1 (unchanged)");
        assertThat(json(apply).json().at("/evaluationSets/core/samples").asInt())
                .isEqualTo(2);
    }

    @Test
    void apply_refuses_a_template_that_the_spec_does_not_name() throws IOException {
        Path spec = Files.writeString(directory.resolve("untemplated.yaml"), TinyAdapter.spec("untemplated"));

        Ran refused = ran("apply", "-f", "" + spec, "--template", "" + spec);

        assertRefused(refused, "names no template");
        assertThat(ran("status").out()).doesNotContain("untemplated");
    }

    @Test
    void apply_names_the_rows_that_are_refused() throws IOException {
        Path spec = Files.writeString(directory.resolve("rows.yaml"), TinyAdapter.spec("rows"));
        Path tickets =
                Files.writeString(directory.resolve("rows.csv"), "text,label\ndead box,offline\nhelp,nonsense\n");

        Ran refused = ran("apply", "-f", "" + spec, "--samples", "" + tickets);

        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err().lines())
                .hasSize(2)
                .last()
                .asString()
                .startsWith("  line 3: ")
                .contains("nonsense");
    }

    @Test
    void a_round_that_has_to_wait_says_so_and_has_no_number() throws IOException {
        Path spec = Files.writeString(directory.resolve("rounds.yaml"), TinyAdapter.spec("rounds"));
        Path tickets = Files.writeString(directory.resolve("rounds.jsonl"), TICKETS);
        ran("apply", "-f", "" + spec, "--samples", "" + tickets);
        try (PerennialClient client = new PerennialClient(server.endpoints())) {
            Patience.untilKnown(() -> client.get(Service.SCHEDULER, "/api/models/rounds/rounds"));
        }
        assertThat(ran("rounds", "rounds").out()).isEqualTo("no rounds yet");

        assertThat(ran("rounds", "rounds", "--start").out()).isEqualTo("round 1 started");
        assertThat(ran("rounds", "rounds", "--start").out())
                .isEqualTo("It starts when the model's open round has ended.");
        assertThat(ran("rounds", "rounds").out().lines().findFirst().orElse("")).startsWith("round  state");
        assertThat(json("rounds", "rounds").json().path("items").isEmpty()).isFalse();
    }

    @Test
    void predict_names_the_request_that_feedback_is_given_on() {
        Ran said = ran("predict", MODEL, "no connection in the attic", "--key", "somebody");
        assertThat(said.status()).as(said.err()).isZero();
        assertThat(said.out()).matches("(offline|slow)  confidence \\S+  version \\d  request \\S+");

        assertThat(ran("feedback", request(), "--label", "slow").out()).isEqualTo("noted");
        assertThat(json("feedback", request(), "--rating", "1").json().isObject())
                .isTrue();
        assertRefused(ran("feedback", "nothing", "--label", "slow"), "No answer has the request id nothing");
        assertThat(ran("feedback", request()).status()).isEqualTo(2);
    }

    private static String request() {
        return json("predict", MODEL, "everything crawls")
                .json()
                .path("requestId")
                .asString();
    }

    @Test
    void status_shows_all_models_or_all_of_one() {
        assertThat(ran("status").out().lines().filter(line -> line.startsWith(MODEL)))
                .hasSize(1);
        assertThat(json("status").json().isEmpty()).isFalse();

        assertThat(ran("status", MODEL).out())
                .startsWith("model   tiny, spec version 1\nlive    ")
                .contains("\npool    0 real and 0 synthetic samples", "\ndrift   ", "\n\nrounds\n", "\n\ntime line\n");
        assertThat(json("status", MODEL).json().propertyNames())
                .containsExactly("model", "pool", "rounds", "drift", "timeline");
    }

    @Test
    void versions_lists_them_newest_first_or_shows_one() {
        assertThat(ran("versions", MODEL).out().lines())
                .hasSize(4)
                .first()
                .asString()
                .startsWith("version  stage");
        assertThat(json("versions", MODEL).json().at("/items/0/version").asInt())
                .isEqualTo(3);
        assertThat(json("versions", MODEL, "2").json().path("version").asInt()).isEqualTo(2);
        assertThat(ran("versions", MODEL, "2").out()).contains("\"version\" : 2");
    }

    @Test
    void rollback_goes_back_one_version_at_a_time() {
        assertThat(ran("rollback", MODEL, "--reason", "by hand").out()).startsWith("rolled back: {");
        assertThat(live()).isEqualTo(2);

        assertThat(json("rollback", MODEL, "--to", "1").json().isObject()).isTrue();
        assertThat(live()).isEqualTo(1);
        assertRefused(ran("rollback", MODEL, "--to", "9"), "9");
    }

    @Test
    void dead_letters_are_listed_and_sent_back() {
        assertThat(ran("dead-letters").out()).isEqualTo("no dead letters");
        assertThat(json("dead-letters", "samples").json().isEmpty()).isTrue();
        assertThat(ran("dead-letters", "samples", "--replay").out()).isEqualTo("0 replayed");
        assertRefused(ran("dead-letters", "--replay"), "name the family to replay");
    }

    @Test
    void a_refusal_is_one_line_on_standard_error_and_exit_status_1() {
        assertRefused(ran("predict", "nobody", "hello"), "nobody");
        assertRefused(
                Commands.run("status", "--url", "http://127.0.0.1:1"),
                "No Perennial server answers at http://127.0.0.1:1");
    }

    private static void assertRefused(Ran refused, String because) {
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).contains(because).hasLineCount(1);
    }

    private static int live() {
        return json("status", MODEL).json().at("/model/live").asInt();
    }

    private static Ran ran(String... arguments) {
        return Commands.run(Stream.concat(Stream.of(arguments), Stream.of("--url", "" + server.address()))
                .toArray(String[]::new));
    }

    private static Ran json(String... arguments) {
        Ran ran = ran(Stream.concat(Stream.of(arguments), Stream.of("--json")).toArray(String[]::new));
        assertThat(ran.status()).as(ran.err()).isZero();
        return ran;
    }
}
