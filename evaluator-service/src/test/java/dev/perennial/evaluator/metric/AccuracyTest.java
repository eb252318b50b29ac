package dev.perennial.evaluator.metric;

class AccuracyTest extends MetricContractTest {
    @Override
    Metric metric() {
        return new Accuracy();
    }
}
