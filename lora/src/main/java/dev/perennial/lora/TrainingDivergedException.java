package dev.perennial.lora;

/** The loss left the finite numbers; a lower learning rate is needed. */
public class TrainingDivergedException extends RuntimeException {
    public TrainingDivergedException(int step) {
        super("the loss is no finite number any more at step " + step + "; lower the learning rate");
    }
}
