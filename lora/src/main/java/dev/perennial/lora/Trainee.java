package dev.perennial.lora;

import ai.djl.pytorch.engine.PtNDArray;
import dev.perennial.lora.safetensors.Tensor;
import java.util.Map;
import java.util.SortedMap;

/**
 * What a run trains and on what: where training a classifier differs from training a language model. Examples are known
 * by their index: those to learn from now, then the earlier ones. Trained arrays come by name, as {@link Parameters} has
 * them. All that it holds is in the memory of its session.
 *
 * @param <T> what comes of it
 */
interface Trainee<T> {
    /** What the run begins with. */
    Trained start();

    int size();

    int earlierSize();

    /** Of an example. */
    int tokens(int example);

    /** What the losses of a batch's examples are divided by, so that an example weighs the same in every batch. */
    double mass(int[] batch);

    /**
     * Adds the gradients of {@code sum of the batch's losses / mass} to those that the trained arrays hold. What the graph
     * took is free on return.
     *
     * @param draw decides dropout and noise; nothing else is random
     * @return that loss
     */
    double accumulate(Map<String, PtNDArray> trained, int[] batch, double mass, Draw draw);

    boolean hasValidation();

    /** On the validation examples, without dropout and noise. */
    Validation validate(Map<String, PtNDArray> trained);

    /** What these weights make. */
    T finish(SortedMap<String, Tensor> trained);

    /** Of its model; for the test that steps leak nothing. */
    int managedArrays();
}
