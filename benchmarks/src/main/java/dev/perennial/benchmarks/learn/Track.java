package dev.perennial.benchmarks.learn;

import dev.perennial.lora.LabelledText;
import dev.perennial.lora.TrainingConfig;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/**
 * One thing to be learned.
 *
 * @param encoder the base model's name
 * @param train the training texts of a seed
 * @param validation what settings are chosen on
 * @param test read from its file only when it is asked for, which is when the settings are final
 * @param config the settings that were chosen
 * @param folds parts of the training texts that tuning also leaves out in turn, where validation is small; 0 for none
 */
record Track(
        String name,
        String encoder,
        List<String> labels,
        LongFunction<List<LabelledText>> train,
        List<LabelledText> validation,
        Supplier<List<LabelledText>> test,
        TrainingConfig config,
        int folds) {}
