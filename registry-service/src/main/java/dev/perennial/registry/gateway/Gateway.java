package dev.perennial.registry.gateway;

import dev.perennial.common.messaging.Faults;
import dev.perennial.common.problem.ProblemException;
import dev.perennial.registry.model.Models;
import dev.perennial.registry.rollout.Arm;
import dev.perennial.registry.rollout.Observation;
import dev.perennial.registry.serving.Answer;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers requests with the version that the caller is routed to. Touches no database. */
final class Gateway {
    private static final Logger log = LoggerFactory.getLogger(Gateway.class);

    private final RouteTable routes;
    private final Predictions predictions;
    private final RequestIds requestIds;
    private final Duration slow;
    private final MeterRegistry meters;
    private final Clock clock;

    Gateway(
            RouteTable routes,
            Predictions predictions,
            RequestIds requestIds,
            Duration slow,
            MeterRegistry meters,
            Clock clock) {
        this.routes = routes;
        this.predictions = predictions;
        this.requestIds = requestIds;
        this.slow = slow;
        this.meters = meters;
        this.clock = clock;
    }

    /** One answered text. */
    record Answered(String requestId, Answer answer) {}

    /** What a call gave: one answer a text, all by one version. */
    record Result(int version, List<Answered> answers, Duration latency) {}

    private record Attempt(int version, List<Answer> answers, Duration latency) {}

    /**
     * Answers the texts.
     *
     * @param key what the routing goes by; without one each call is routed by chance
     */
    Result predict(String model, @Nullable String key, List<String> texts) {
        Instant at = clock.instant();
        List<String> ids = texts.stream().map(text -> requestIds.next()).toList();
        String routed = key == null ? ids.getFirst() : key;
        List<Observation> observations = new ArrayList<>(2);
        Attempt attempt = attempt(model, routed, texts, at, observations);
        List<Answered> answered = new ArrayList<>(texts.size());
        List<Prediction> given = new ArrayList<>(texts.size());
        for (int i = 0; i < texts.size(); i++) {
            Answer answer = attempt.answers().get(i);
            answered.add(new Answered(ids.get(i), answer));
            given.add(new Prediction(
                    ids.get(i),
                    model,
                    attempt.version(),
                    answer.label(),
                    answer.confidence(),
                    Sticky.hash(routed),
                    attempt.latency(),
                    at));
        }
        predictions.record(new Traffic(given, observations));
        return new Result(attempt.version(), answered, attempt.latency());
    }

    /** A version that is held for a request, on the route that it was picked from. */
    private record Pick(Held held, boolean canary) implements AutoCloseable {
        @Override
        public void close() {
            held.release();
        }
    }

    /** A canary that fails costs the caller nothing: the stable version answers, and the failure is remembered. */
    private Attempt attempt(String model, String key, List<String> texts, Instant at, List<Observation> seen) {
        try (Pick pick = pick(model, route -> route.pick(key))) {
            try {
                return ask(model, pick, texts, at, seen);
            } catch (RuntimeException e) {
                seen.add(new Observation(model, pick.held().version(), at, Arm.served(1, 1)));
                count(model, pick, "failed");
                if (!pick.canary()) {
                    predictions.record(new Traffic(List.of(), seen));
                    throw e;
                }
                log.warn(
                        "canary.failed model={} version={} fault={}",
                        model,
                        pick.held().version(),
                        Faults.describe(e));
            }
        }
        try (Pick stable = pick(model, Route::live)) {
            return ask(model, stable, texts, at, seen);
        }
    }

    private Attempt ask(String model, Pick pick, List<String> texts, Instant at, List<Observation> seen) {
        long started = System.nanoTime();
        List<Answer> answers = pick.held().answer(texts);
        Duration latency = Duration.ofNanos(System.nanoTime() - started);
        boolean late = latency.compareTo(slow) > 0;
        int version = pick.held().version();
        seen.add(new Observation(model, version, at, Arm.served(1, late ? 1 : 0)));
        count(model, pick, late ? "slow" : "answered");
        return new Attempt(version, answers, latency);
    }

    private void count(String model, Pick pick, String outcome) {
        String arm = pick.canary() ? "canary" : "live";
        meters.counter("perennial.predictions", "model", model, "arm", arm, "outcome", outcome)
                .increment();
    }

    /** A version that was let go between the look and the hold is not in the table any more: look again. */
    private Pick pick(String model, Function<Route, Held> choice) {
        while (true) {
            Route route = route(model);
            Held held = choice.apply(route);
            if (held.acquire()) {
                return new Pick(held, held == route.canary());
            }
        }
    }

    private Route route(String model) {
        Route route = routes.find(model);
        if (route != null) {
            return route;
        }
        throw switch (routes.absence(model)) {
            case NOT_DECLARED -> Models.unknown(model);
            case NOTHING_LIVE ->
                ProblemException.conflict(
                        "nothing-live",
                        "No version of '" + model + "' is live yet; train one or import an adapter, then ask again.");
            case BEING_LOADED -> new BeingLoadedException(model);
        };
    }
}
