package dev.perennial.evaluator.report;

import dev.perennial.common.artifact.ArtifactRef;
import dev.perennial.lora.LabelledText;
import java.nio.file.Path;
import java.util.List;

/** Where the models that are compared come from. */
interface Classifiers {
    /**
     * Loads a stored adapter; its bytes are checked against its hash.
     *
     * @throws UnusableInputException when it is missing, changed or no adapter for this base model
     */
    OpenClassifier open(String baseModel, ArtifactRef adapter);

    /** The same from a directory. */
    OpenClassifier open(String baseModel, Path adapter);

    /**
     * The texts that the training run was validated on; empty when it had none.
     *
     * @throws UnusableInputException when the training set is missing, changed or unreadable
     */
    List<LabelledText> validation(ArtifactRef dataset);

    /**
     * The untuned base: the frozen base model with a linear probe fitted on a training set.
     *
     * @throws UnusableInputException when the training set is missing, changed or unreadable
     */
    Labeller base(String baseModel, List<String> labels, ArtifactRef dataset);
}
