package dev.perennial.evaluator.drift;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/** The watches as metrics, one series a model. Thread-safe. */
final class DriftGauges {
    private final MeterRegistry meters;
    private final Map<String, DriftStatus> newest = new ConcurrentHashMap<>();

    DriftGauges(MeterRegistry meters) {
        this.meters = meters;
    }

    void show(String model, DriftStatus status) {
        if (newest.put(model, status) == null) {
            gauge("perennial.drift.error.rate", "ratio", model, DriftStatus::errorRate);
            gauge("perennial.drift.window", "samples", model, DriftStatus::window);
        }
    }

    void alarm(String model) {
        meters.counter("perennial.drift.alarms", "model", model).increment();
    }

    private void gauge(String name, String unit, String model, ToDoubleFunction<DriftStatus> value) {
        Gauge.builder(name, newest, statuses -> {
                    DriftStatus status = statuses.get(model);
                    return status == null ? Double.NaN : value.applyAsDouble(status);
                })
                .baseUnit(unit)
                .tag("model", model)
                .register(meters);
    }
}
