package dev.perennial.lora;

/** The loss left the finite numbers or rose without end; a lower learning rate is needed. */
public class TrainingDivergedException extends RuntimeException {
    public TrainingDivergedException(int step) {
        super("the loss diverged at step " + step + "; lower the learning rate");
    }
}
