package dev.perennial.trainer.run;

import dev.perennial.common.event.TrainingEvent.TrainingRequested;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt needs to know.
 *
 * @param defects attempts before it that a fault of the program ended
 * @param checkpoint name of the file to go on from
 */
record Run(TrainingRequested request, int defects, @Nullable String checkpoint) {}
