package dev.perennial.lora;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One training run: pull steps until {@link #done()}, then {@link #finish()}. Deterministic by its config's seed, with a
 * fixed number of engine threads. For one thread at a time.
 */
@SuppressWarnings("DoNotCallSuggester") // the bodies follow
public final class TrainingSession implements AutoCloseable {
    private TrainingSession() {}

    /**
     * A fresh run.
     *
     * @param parentPeftDirectory an adapter to continue from, or null for new weights; its rank and targets replace the
     *     config's. Head rows of labels it knows are kept, the others are initialised
     */
    public static TrainingSession start(
            TextEncoder encoder, TrainingData data, TrainingConfig config, @Nullable Path parentPeftDirectory) {
        throw new UnsupportedOperationException();
    }

    /**
     * Goes on where {@link #checkpoint} was called, to the same final weights as an unbroken run.
     *
     * @throws ModelFormatException if the file is no checkpoint of this encoder, data and config
     */
    public static TrainingSession resume(
            TextEncoder encoder, TrainingData data, TrainingConfig config, Path checkpoint) {
        throw new UnsupportedOperationException();
    }

    public boolean done() {
        throw new UnsupportedOperationException();
    }

    /** One optimiser step; at the end of an epoch also the validation. */
    public TrainingStep step() {
        throw new UnsupportedOperationException();
    }

    /** Writes all that {@link #resume} needs, atomically. */
    public void checkpoint(Path file) {
        throw new UnsupportedOperationException();
    }

    /** The classifier with the best weights on validation so far; the caller closes it. */
    public TextClassifier finish() {
        throw new UnsupportedOperationException();
    }

    public TrainingSummary summary() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
