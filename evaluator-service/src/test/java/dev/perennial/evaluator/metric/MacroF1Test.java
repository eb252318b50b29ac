package dev.perennial.evaluator.metric;

class MacroF1Test extends MetricContractTest {
    @Override
    Metric metric() {
        return new MacroF1();
    }
}
