package dev.perennial.lora;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, arXiv:1711.05101, algorithm 2), beta 0.9 and 0.999, epsilon
 * 1e-8, after clipping all gradients together to a global norm; the same as torch.optim.AdamW, up to rounding.
 */
final class AdamW {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8f;

    private AdamW() {}

    /** The rate and decay of one parameter. */
    interface Schedule {
        double rate(Parameter parameter);

        double decay(Parameter parameter);
    }

    /**
     * Moves every parameter by the gradient it has accumulated, and clears that.
     *
     * @param t counted from 1
     * @return the gradients' global norm before clipping; if it is not finite, nothing has moved
     */
    static double step(PtNDManager scope, List<Parameter> parameters, int t, double clipNorm, Schedule schedule) {
        List<PtNDArray> gradients = new ArrayList<>();
        for (Parameter parameter : parameters) {
            PtNDArray gradient = JniUtils.getGradient(parameter.value());
            gradient.attach(scope);
            gradients.add(gradient);
        }
        double norm = globalNorm(gradients);
        if (!Double.isFinite(norm)) {
            return norm;
        }
        float factor = (float) Math.min(1, clipNorm / Math.max(norm, 1e-12));
        double correction = Math.sqrt(1 - Math.pow(BETA2, t)) / (1 - Math.pow(BETA1, t));
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            double rate = schedule.rate(parameter);
            JniUtils.adamUpdate(
                    parameter.value(),
                    gradients.get(i),
                    parameter.firstMoment(),
                    parameter.secondMoment(),
                    (float) rate,
                    (float) (rate * correction),
                    (float) schedule.decay(parameter),
                    factor,
                    -1, // the engine's own clipping is one-sided
                    (float) BETA1,
                    (float) BETA2,
                    (float) (EPSILON * Math.sqrt(1 - Math.pow(BETA2, t))), // added before the bias is corrected
                    true);
            JniUtils.zeroGrad(parameter.value());
        }
        return norm;
    }

    private static double globalNorm(List<PtNDArray> gradients) {
        PtNDArray[] squares = gradients.stream()
                .map(gradient -> JniUtils.sum(JniUtils.square(gradient)))
                .toArray(PtNDArray[]::new);
        double sum = 0;
        for (float square : JniUtils.stack(squares, 0).toFloatArray()) {
            sum += square;
        }
        return Math.sqrt(sum);
    }
}
