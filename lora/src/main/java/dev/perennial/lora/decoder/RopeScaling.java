package dev.perennial.lora.decoder;

import dev.perennial.lora.model.ConfigJson;

/**
 * How the frequencies of the rotary embedding are stretched for longer contexts; the same names and formulas as in
 * transformers 5.18.0, {@code modeling_rope_utils}. Types that depend on the length of the text are not supported.
 */
public sealed interface RopeScaling {
    /** The frequency {@code f} becomes this one. */
    double scaled(double f);

    /** Rotary embeddings as in Su et al., arXiv:2104.09864. */
    record None() implements RopeScaling {
        @Override
        public double scaled(double f) {
            return f;
        }
    }

    /** Every frequency is divided by the factor (Chen et al., arXiv:2306.15595). */
    record Linear(double factor) implements RopeScaling {
        @Override
        public double scaled(double f) {
            return f / factor;
        }
    }

    /**
     * As in Llama 3.1 (Grattafiori et al., arXiv:2407.21783): long waves are stretched by the factor, short ones are kept,
     * those between {@code P / low} and {@code P / high} tokens are interpolated, P the original positions.
     */
    record Llama3(double factor, double low, double high, int originalPositions) implements RopeScaling {
        @Override
        public double scaled(double f) {
            double waves = originalPositions * f / (2 * Math.PI); // in the original context
            if (waves < low) {
                return f / factor;
            }
            if (waves > high) {
                return f;
            }
            double smooth = (waves - low) / (high - low);
            return (1 - smooth) * f / factor + smooth * f;
        }
    }

    /** Reads {@code rope_parameters}, or {@code rope_scaling} of older files. */
    static RopeScaling of(ConfigJson json, int maxPositions) {
        for (String key : json.json().propertyNames()) {
            if (json.json().path(key).isObject()) {
                throw json.refusal(key, "is an object; parameters for each type of layer are not supported");
            }
        }
        if (json.positiveOr("partial_rotary_factor", 1) != 1) {
            throw json.refusal("partial_rotary_factor", "must be 1: heads are rotated whole or not at all");
        }
        String type = json.textOr("rope_type", json.textOr("type", "default"));
        return switch (type) {
            case "default" -> new None();
            case "linear" -> new Linear(json.positive("factor"));
            case "llama3" -> llama3(json, maxPositions);
            default ->
                throw json.refusal("rope_type", "is '" + type + "', supported are 'default', 'linear' and 'llama3'");
        };
    }

    private static Llama3 llama3(ConfigJson json, int maxPositions) {
        Llama3 scaling = new Llama3(
                json.positive("factor"),
                json.positive("low_freq_factor"),
                json.positive("high_freq_factor"),
                json.sizeOr("original_max_position_embeddings", maxPositions));
        if (scaling.high <= scaling.low) {
            throw json.refusal("high_freq_factor", "must be above low_freq_factor");
        }
        return scaling;
    }
}
