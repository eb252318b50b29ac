package dev.perennial.lora;

/** The two peak rates of a config at some share of them; biases do not decay. */
record Rates(TrainingConfig config, double share) implements AdamW.Schedule {
    @Override
    public double rate(Parameter parameter) {
        boolean head = ClassifierWeights.isHead(parameter.name());
        return share * (head ? config.headLearningRate() : config.learningRate());
    }

    @Override
    public double decay(Parameter parameter) {
        return parameter.name().equals(ClassifierWeights.HEAD_BIAS) ? 0 : config.weightDecay();
    }
}
