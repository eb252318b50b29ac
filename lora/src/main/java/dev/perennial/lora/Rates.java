package dev.perennial.lora;

/** The peak rates of a recipe at some share of them. */
record Rates(LearningRates peak, double weightDecay, double share) implements AdamW.Schedule {
    @Override
    public double rate(Parameter parameter) {
        return share * peak.of(ParameterGroup.of(parameter.name()));
    }

    /** Biases and norms have one dimension and do not decay. */
    @Override
    public double decay(Parameter parameter) {
        return parameter.value().getShape().dimension() > 1 ? weightDecay : 0;
    }
}
