package dev.perennial.benchmarks.learn;

import dev.perennial.lora.recipe.TrainingConfig;
import java.util.Map;

/**
 * Tasks that one model learns one after another, in several ways.
 *
 * @param encoder the base model's name
 * @param texts most training texts of a label, drawn at random
 * @param first the settings of the first task, which all arms begin with
 * @param arms the settings of each later task by the arm's name; of {@link Tracks#JOINT} those of all tasks at once
 */
record SequenceTrack(
        String encoder, Sequence sequence, int texts, TrainingConfig first, Map<String, TrainingConfig> arms) {}
