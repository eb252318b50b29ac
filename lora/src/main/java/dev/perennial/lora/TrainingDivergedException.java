package dev.perennial.lora;

import dev.perennial.lora.recipe.Adaptation;

/** A run {@linkplain Adaptation diverged} and has no step back left; a lower learning rate is needed. */
public class TrainingDivergedException extends RuntimeException {
    public TrainingDivergedException(int step) {
        super("the loss diverged at step " + step + "; lower the learning rate");
    }
}
