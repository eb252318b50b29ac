package dev.perennial.lora;

/** A run {@linkplain Adaptation diverged} and has no step back left; a lower learning rate is needed. */
public class TrainingDivergedException extends RuntimeException {
    public TrainingDivergedException(int step) {
        super("the loss diverged at step " + step + "; lower the learning rate");
    }
}
