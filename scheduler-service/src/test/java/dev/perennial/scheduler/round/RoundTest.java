package dev.perennial.scheduler.round;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.common.artifact.ArtifactRef;
import dev.perennial.common.event.DatasetRef;
import dev.perennial.common.event.GenerationEvent.GenerationCompleted;
import dev.perennial.common.event.ModelEvent.VersionChanged;
import dev.perennial.common.event.Stage;
import dev.perennial.common.event.TrainingEvent.TrainingRequested;
import dev.perennial.scheduler.pool.SamplePool.Arrivals;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RoundTest {
    private static final RoundHead HEAD =
            new RoundHead("support", 3, Cause.COMMAND, "command", null, 2, Specs.of("support", "{every: 100}"), 42);
    private static final ArtifactRef ADAPTER = new ArtifactRef("a".repeat(64), 10);
    private static final DatasetRef DATASET = new DatasetRef(new ArtifactRef("b".repeat(64), 99), 12);

    @Test
    void without_anything_to_generate_it_goes_straight_to_its_training_set() {
        assertThat(Round.open(HEAD, Map.of())).isEqualTo(new Round.Assembling(HEAD));
    }

    @Test
    void waits_until_every_published_sample_was_scored() {
        Round.Generating generating = (Round.Generating) Round.open(HEAD, Map.of("billing", 5));

        Round collecting = generating.completed(completed(5, "complete"), new Arrivals(2, 1));
        assertThat(collecting).isInstanceOf(Round.Collecting.class);
        assertThat(((Round.Collecting) collecting).arrived(new Arrivals(2, 2))).isEqualTo(collecting);
        assertThat(((Round.Collecting) collecting).arrived(new Arrivals(2, 3))).isEqualTo(new Round.Assembling(HEAD));
    }

    @Test
    void goes_on_at_once_when_its_samples_were_scored_before_the_generation_ended() {
        assertThat(generating().completed(completed(5, "complete"), new Arrivals(5, 0)))
                .isEqualTo(new Round.Assembling(HEAD));
    }

    @Test
    void an_exhausted_budget_with_accepted_samples_is_enough_to_train_on() {
        assertThat(generating().completed(completed(2, "budget-exhausted"), new Arrivals(1, 1)))
                .isEqualTo(new Round.Assembling(HEAD));
    }

    @Test
    void a_generation_without_an_accepted_sample_ends_it_with_a_reason() {
        assertThat(generating().completed(completed(0, "failed"), Arrivals.NONE))
                .isInstanceOfSatisfying(
                        Round.Failed.class,
                        failed -> assertThat(failed.reason()).contains("failed").contains("0 published"));
        assertThat(generating().completed(completed(4, "complete"), new Arrivals(0, 4)))
                .isInstanceOfSatisfying(
                        Round.Failed.class,
                        failed -> assertThat(failed.reason()).contains("4 rejected"));
    }

    @Test
    void a_run_continues_from_the_live_version_and_adds_labels_that_are_new_to_the_spec() {
        TrainingRequested request = RunRequests.of(
                new Round.Queued(HEAD, DATASET), "cpu-0", Optional.of(live("all-minilm-l6-v2", "router", "retired")));

        assertThat(request.parent()).isEqualTo(ADAPTER);
        assertThat(request.parentVersion()).isEqualTo(7);
        assertThat(request.labels()).containsExactly("router", "retired", "billing", "outage");
        assertThat(request.seed()).isEqualTo(42);
        assertThat(request.slot()).isEqualTo("cpu-0");
    }

    @Test
    void a_run_starts_from_the_base_model_when_nothing_is_live_or_the_spec_names_another_one() {
        Round.Queued queued = new Round.Queued(HEAD, DATASET);

        for (Optional<VersionChanged> live :
                List.of(Optional.<VersionChanged>empty(), Optional.of(live("bge-small-zh-v1.5", "router")))) {
            TrainingRequested request = RunRequests.of(queued, "cpu-0", live);
            assertThat(request.parent()).isNull();
            assertThat(request.parentVersion()).isNull();
            assertThat(request.labels()).containsExactly("billing", "outage", "router");
        }
    }

    private static Round.Generating generating() {
        return (Round.Generating) Round.open(HEAD, Map.of("billing", 5));
    }

    private static GenerationCompleted completed(int published, String outcome) {
        return new GenerationCompleted("g", "support", 5, published, List.of(), 0, outcome);
    }

    private static VersionChanged live(String baseModel, String... labels) {
        return new VersionChanged(
                "support", 7, Stage.LIVE, 100, baseModel, List.of(labels), ADAPTER, null, "test", 1, Instant.EPOCH);
    }
}
