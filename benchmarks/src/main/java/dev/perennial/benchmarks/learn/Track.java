package dev.perennial.benchmarks.learn;

import dev.perennial.lora.recipe.TrainingConfig;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.LongFunction;

/**
 * One thing to be learned.
 *
 * @param encoder the base model's name
 * @param tuning what settings are chosen on: a seed's rounds by what they ask
 * @param last a seed's round on the test texts; read from their file only when it is asked for, which is when the settings
 *     are final
 * @param config the settings that were chosen
 */
record Track(
        String name,
        String encoder,
        List<String> labels,
        LongFunction<SequencedMap<String, List<Round>>> tuning,
        LongFunction<Round> last,
        TrainingConfig config) {}
