package dev.perennial.evaluator;

import dev.perennial.evaluator.drift.DriftSettings;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** Settings of the evaluator. */
@ConfigurationProperties(prefix = "perennial.evaluator", ignoreUnknownFields = false)
public record EvaluatorSettings(DriftSettings drift) {
    public EvaluatorSettings(@Nullable DriftSettings drift) {
        this.drift = drift == null ? new DriftSettings(null, null, null, null, null, null) : drift;
    }
}
