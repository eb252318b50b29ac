package dev.perennial.trainer.backend;

import java.nio.file.Path;
import java.util.function.Consumer;

/** Follows a training run from the side of whoever ordered it. */
public interface TrainingWatch {

    /**
     * A step was done.
     *
     * @param checkpoint writes a file from which the run can go on after this step; called or not, before this returns
     */
    void stepped(StepProgress progress, Consumer<Path> checkpoint);
}
