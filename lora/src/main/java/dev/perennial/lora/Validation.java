package dev.perennial.lora;

import dev.perennial.lora.probe.Softmax;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How well a model does on examples that it does not learn from.
 *
 * @param accuracy NaN where there is nothing to be right about but the loss
 */
record Validation(double accuracy, double loss) {
    /** Of a run without a validation split. */
    static final Validation NONE = new Validation(0, 0);

    /** If there is a result and its task has one. */
    static OptionalDouble accuracy(Optional<Validation> result) {
        return result.isEmpty() || Double.isNaN(result.get().accuracy)
                ? OptionalDouble.empty()
                : OptionalDouble.of(result.get().accuracy);
    }

    static OptionalDouble loss(Optional<Validation> result) {
        return result.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(result.get().loss);
    }

    /** Mean over the examples, of whatever weight; of none, NaN. */
    static Validation of(float[][] logits, int[] classes) {
        int right = 0;
        double loss = 0;
        for (int i = 0; i < classes.length; i++) {
            right += Softmax.argMax(logits[i]) == classes[i] ? 1 : 0;
            loss -= Math.log(Math.max(Softmax.of(logits[i])[classes[i]], 1e-30));
        }
        return new Validation(right / (double) classes.length, loss / classes.length);
    }
}
