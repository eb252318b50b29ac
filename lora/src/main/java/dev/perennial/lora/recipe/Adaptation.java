package dev.perennial.lora.recipe;

/**
 * How a run mends itself. On a plateau, after {@code plateau} epochs without a better validation result, the rates are
 * multiplied by {@code factor} and the batch is made {@code batchGrowth} times as large (Smith et al., arXiv:1711.00489:
 * both quieten the gradient). When it diverges, it steps back to the last epoch's end whose weights gave a sound loss,
 * multiplies the rates by {@code factor} and goes on; the best weights so far stay the best.
 *
 * <p>A run diverges when a loss or the norm of a step's gradients is no finite number. One that may step back diverges also
 * when the running mean of its losses (0.95 of what it was and 0.05 of the step's) is above twice its least and half a nat:
 * {@code mean > 2 least + 0.5}. Without steps back a loss may rise as long as it is a number.
 *
 * @param plateau epochs; 0 for never
 * @param factor above 0 and below 1
 * @param batchGrowth 1 leaves the batch as it is
 * @param stepBacks how often a run may step back; after them, as with 0, a divergence ends it
 */
public record Adaptation(int plateau, double factor, int batchGrowth, int stepBacks) {
    public Adaptation {
        if (plateau < 0) {
            throw new IllegalArgumentException("plateau must not be negative, not " + plateau);
        }
        if (!(factor > 0 && factor < 1)) {
            throw new IllegalArgumentException("factor must be above 0 and below 1, not " + factor);
        }
        if (batchGrowth < 1 || batchGrowth > 64) {
            throw new IllegalArgumentException("batchGrowth must be 1 to 64, not " + batchGrowth);
        }
        if (stepBacks < 0 || stepBacks > 100) {
            throw new IllegalArgumentException("stepBacks must be 0 to 100, not " + stepBacks);
        }
    }

    /** A run takes its course. */
    public static Adaptation none() {
        return new Adaptation(0, 0.5, 1, 0);
    }

    /** Half the rates after an epoch without progress, and up to five steps back. */
    public static Adaptation usual() {
        return new Adaptation(1, 0.5, 1, 5);
    }
}
