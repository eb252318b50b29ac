package dev.perennial.lora;

import dev.perennial.lora.recipe.TrainingConfig;
import java.util.List;

/** The batches of a run's epochs. */
final class Epochs {
    private final Trainee<?> trainee;
    private final TrainingConfig config;
    private Plan last = new Plan(-1, 0, List.of());

    Epochs(Trainee<?> trainee, TrainingConfig config) {
        this.trainee = trainee;
        this.config = config;
    }

    private record Plan(int epoch, int growth, List<int[]> batches) {}

    /** @param growth the recipe's batch size is multiplied with */
    int batchSize(int growth) {
        return config.schedule().batchSize() * growth;
    }

    /** Steps of each epoch. */
    int steps(int growth) {
        int replayed = EpochPlan.replayed(
                trainee.size(), trainee.earlierSize(), config.retention().replay());
        return Math.ceilDiv(trainee.size() + replayed, batchSize(growth));
    }

    List<int[]> batches(int epoch, int growth) {
        if (epoch != last.epoch || growth != last.growth) {
            long seed = Seeds.mix(config.seed(), epoch);
            int[] examples = EpochPlan.examples(
                    trainee.size(), trainee.earlierSize(), config.retention().replay(), seed);
            last = new Plan(epoch, growth, EpochPlan.of(trainee::tokens, examples, batchSize(growth), seed));
        }
        return last.batches;
    }
}
