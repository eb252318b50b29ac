package dev.perennial.registry.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.perennial.common.problem.ProblemException;
import dev.perennial.registry.serving.Answer;
import dev.perennial.registry.serving.ServingBackend;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GatewayTest {
    private final Table table = new Table();
    private final Memory memory = new Memory();
    private final Predictions predictions = new Predictions(memory, 100, Duration.ZERO);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Gateway gateway = new Gateway(
            table,
            predictions,
            new RequestIds(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC), RandomGenerator.of("L64X128MixRandom")),
            Duration.ofSeconds(2),
            meters,
            Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));

    @Test
    void a_canary_that_fails_is_replaced_by_stable_and_remembered_as_unhealthy() {
        table.routes.add(route(new Held(1, new Fixed("good")), new Held(2, new Failing()), 100));

        Gateway.Result result = gateway.predict("m", "k", List.of("text"));

        assertThat(result.version()).isEqualTo(1);
        assertThat(written().observations())
                .extracting(seen -> seen.version() + ":" + seen.counts().unhealthy())
                .containsExactly("2:1", "1:0");
        assertThat(meters.counter("perennial.predictions", "model", "m", "arm", "canary", "outcome", "failed")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void a_live_version_that_fails_is_not_hidden() {
        table.routes.add(route(new Held(1, new Failing()), null, 0));

        assertThatIllegalStateException().isThrownBy(() -> gateway.predict("m", "k", List.of("text")));
        assertThat(written().predictions()).isEmpty();
        assertThat(written().observations()).hasSize(1);
    }

    @Test
    void a_request_that_meets_a_swap_is_answered_by_the_new_route_and_still_falls_back_from_its_canary() {
        Held gone = new Held(1, new Fixed("old"));
        gone.release();
        table.routes.add(route(gone, null, 0));
        table.routes.add(route(new Held(2, new Fixed("good")), new Held(3, new Failing()), 100));

        assertThat(gateway.predict("m", "k", List.of("text")).version()).isEqualTo(2);
    }

    @Test
    void every_hold_is_let_go_whether_the_answer_came_or_not() {
        Fixed live = new Fixed("good");
        Failing canary = new Failing();
        Held liveHeld = new Held(1, live);
        Held canaryHeld = new Held(2, canary);
        table.routes.add(route(liveHeld, canaryHeld, 100));

        gateway.predict("m", "k", List.of("text"));
        liveHeld.release();
        canaryHeld.release();

        assertThat(live.closed).isTrue();
        assertThat(canary.closed).isTrue();
    }

    @Test
    void tells_a_model_without_a_live_version_from_one_that_nobody_declared() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> gateway.predict("declared", null, List.of("text")))
                .satisfies(problem -> assertThat(problem.code()).isEqualTo("nothing-live"));
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> gateway.predict("nobody", null, List.of("text")))
                .satisfies(problem -> assertThat(problem.code()).isEqualTo("model-unknown"));
    }

    @Test
    void a_live_version_that_is_not_loaded_yet_is_a_reason_to_ask_again_and_not_an_unknown_model() {
        assertThatExceptionOfType(BeingLoadedException.class)
                .isThrownBy(() -> gateway.predict("loading", null, List.of("text")))
                .satisfies(refused -> {
                    assertThat(refused.getStatusCode().value()).isEqualTo(503);
                    assertThat(refused.getHeaders().getFirst("Retry-After")).isEqualTo("1");
                    assertThat(refused.getBody().getDetail()).contains("'loading'", "try again shortly");
                });
    }

    private Traffic written() {
        predictions.start();
        predictions.stop();
        return new Traffic(
                memory.batches.stream()
                        .flatMap(traffic -> traffic.predictions().stream())
                        .toList(),
                memory.batches.stream()
                        .flatMap(traffic -> traffic.observations().stream())
                        .toList());
    }

    private static Route route(Held live, @Nullable Held canary, int percent) {
        return new Route("m", 1, "m#1", live, canary, percent, Map.of());
    }

    /** Shows its routes one after the other and stays with the last. */
    private static final class Table implements RouteTable {
        final Deque<Route> routes = new ArrayDeque<>();

        @Override
        public @Nullable Route find(String model) {
            return routes.size() > 1 ? routes.poll() : routes.peek();
        }

        @Override
        public Absence absence(String model) {
            return switch (model) {
                case "declared" -> Absence.NOTHING_LIVE;
                case "loading" -> Absence.BEING_LOADED;
                default -> Absence.NOT_DECLARED;
            };
        }
    }

    private static final class Memory implements PredictionStore {
        final Deque<Traffic> batches = new ArrayDeque<>();

        @Override
        public void write(List<Traffic> batch) {
            batches.addAll(batch);
        }

        @Override
        public List<Prediction> find(Collection<String> requestIds) {
            return List.of();
        }
    }

    private static class Fixed implements ServingBackend.Served {
        private final String label;
        boolean closed;

        Fixed(String label) {
            this.label = label;
        }

        @Override
        public List<String> labels() {
            return List.of(label);
        }

        @Override
        public List<Answer> answer(List<String> texts) {
            return texts.stream()
                    .map(text -> Answer.of(List.of(label), new float[] {1}))
                    .toList();
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private static final class Failing extends Fixed {
        Failing() {
            super("none");
        }

        @Override
        public List<Answer> answer(List<String> texts) {
            throw new IllegalStateException("broken");
        }
    }
}
