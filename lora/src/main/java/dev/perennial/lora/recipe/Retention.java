package dev.perennial.lora.recipe;

/**
 * How a run keeps what was learnt before, from the {@code earlier} examples of its data.
 *
 * @param replay share of every epoch's examples that are earlier ones, drawn anew each epoch
 * @param ewc strength of elastic weight consolidation (Kirkpatrick et al., arXiv:1612.00796): the loss gets
 *     {@code ewc / 2 sum_i F_i (w_i - w*_i)^2}, w* the weights of the start and F their importance to the earlier examples,
 *     of mean 1. 0 is without, 0.1 a good start; 10 and more hold the weights where they are
 */
public record Retention(double replay, double ewc) {
    public Retention {
        if (!(replay >= 0 && replay < 1)) {
            throw new IllegalArgumentException("replay must be at least 0 and below 1, not " + replay);
        }
        if (!(ewc >= 0 && ewc <= 1e9)) {
            throw new IllegalArgumentException("ewc must be 0 to 1e9, not " + ewc);
        }
    }

    public static Retention none() {
        return new Retention(0, 0);
    }
}
