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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers requests with the version that the caller is routed to. Touches no database. */
final class Gateway {
    private static final Logger log = LoggerFactory.getLogger(Gateway.class);

    private final Routes routes;
    private final Predictions predictions;
    private final RequestIds requestIds;
    private final Duration slow;
    private final MeterRegistry meters;
    private final Clock clock;

    Gateway(
            Routes routes,
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

    /** A canary that fails costs the caller nothing: the stable version answers, and the failure is remembered. */
    private Attempt attempt(String model, String key, List<String> texts, Instant at, List<Observation> seen) {
        Route route = route(model);
        Held picked = hold(route.pick(key), model, key);
        try {
            return ask(route, picked, texts, at, seen);
        } catch (RuntimeException e) {
            seen.add(new Observation(model, picked.version(), at, Arm.served(1, 1)));
            count(model, picked == route.canary(), "failed");
            if (picked != route.canary()) {
                predictions.record(new Traffic(List.of(), seen));
                throw e;
            }
            log.warn("canary.failed model={} version={} fault={}", model, picked.version(), Faults.describe(e));
        } finally {
            picked.release();
        }
        Held stable = holdLive(model);
        try {
            return ask(route, stable, texts, at, seen);
        } finally {
            stable.release();
        }
    }

    private Attempt ask(Route route, Held held, List<String> texts, Instant at, List<Observation> seen) {
        long started = System.nanoTime();
        List<Answer> answers = held.answer(texts);
        Duration latency = Duration.ofNanos(System.nanoTime() - started);
        boolean late = latency.compareTo(slow) > 0;
        seen.add(new Observation(route.model(), held.version(), at, Arm.served(1, late ? 1 : 0)));
        count(route.model(), held == route.canary(), late ? "slow" : "answered");
        return new Attempt(held.version(), answers, latency);
    }

    private void count(String model, boolean canary, String outcome) {
        meters.counter("perennial.predictions", "model", model, "arm", canary ? "canary" : "live", "outcome", outcome)
                .increment();
    }

    /** A version that was let go between the look and the hold is not in the table any more: look again. */
    private Held hold(Held picked, String model, String key) {
        Held held = picked;
        while (!held.acquire()) {
            held = route(model).pick(key);
        }
        return held;
    }

    private Held holdLive(String model) {
        Held live = route(model).live();
        while (!live.acquire()) {
            live = route(model).live();
        }
        return live;
    }

    private Route route(String model) {
        Route route = routes.find(model);
        if (route != null) {
            return route;
        }
        if (routes.knows(model)) {
            throw ProblemException.conflict(
                    "nothing-live",
                    "No version of '" + model + "' is live yet; train one or import an adapter, then ask again.");
        }
        throw Models.unknown(model);
    }
}
