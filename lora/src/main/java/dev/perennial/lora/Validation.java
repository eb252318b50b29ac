package dev.perennial.lora;

/** How well logits fit their classes. */
record Validation(double accuracy, double loss) {
    /** Of a run without a validation split. */
    static final Validation NONE = new Validation(0, 0);

    /** Mean over the examples; of none, NaN. */
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
