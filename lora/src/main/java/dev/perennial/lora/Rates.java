package dev.perennial.lora;

import dev.perennial.lora.recipe.LearningRates;

/** The peak rates of a recipe at some share of them. */
record Rates(LearningRates peak, double weightDecay, double share) implements AdamW.Schedule {
    @Override
    public double rate(Parameter parameter) {
        return share * rate(peak, ParameterGroup.of(parameter.name()));
    }

    static double rate(LearningRates rates, ParameterGroup group) {
        return switch (group) {
            case ADAPTER -> rates.adapter();
            case BASE -> rates.base();
            case HEAD -> rates.head();
        };
    }

    /** Biases and norms have one dimension and do not decay. */
    @Override
    public double decay(Parameter parameter) {
        return parameter.value().getShape().dimension() > 1 ? weightDecay : 0;
    }
}
