package dev.perennial.common.spec;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a team declares about a model. Immutable; every absent part has its default.
 *
 * <p>Read one with {@link SpecReader}, which refuses unknown keys and contradictions.
 *
 * @param name lower-case letters, digits and hyphens
 * @param baseModel an embedded encoder ({@code all-minilm-l6-v2}, {@code bge-small-zh-v1.5}) or a Hugging Face
 *     directory
 */
public record ModelSpec(
        String name,
        TaskSpec task,
        String baseModel,
        GenerationSpec generation,
        QualitySpec quality,
        SchedulingSpec scheduling,
        TrainingSpec training,
        EvaluationSpec evaluation,
        RolloutSpec rollout) {

    public ModelSpec(
            @Nullable String name,
            @Nullable TaskSpec task,
            @Nullable String baseModel,
            @Nullable GenerationSpec generation,
            @Nullable QualitySpec quality,
            @Nullable SchedulingSpec scheduling,
            @Nullable TrainingSpec training,
            @Nullable EvaluationSpec evaluation,
            @Nullable RolloutSpec rollout) {
        this.name = Objects.requireNonNull(name, "a model spec needs a name");
        this.task = Objects.requireNonNull(task, "a model spec needs a task");
        this.baseModel = Objects.requireNonNull(baseModel, "a model spec needs a baseModel");
        this.generation = generation == null ? GenerationSpec.DEFAULT : generation;
        this.quality = quality == null ? QualitySpec.DEFAULT : quality;
        this.scheduling = scheduling == null ? SchedulingSpec.DEFAULT : scheduling;
        this.training = training == null ? TrainingSpec.DEFAULT : training;
        this.evaluation = Objects.requireNonNull(evaluation, "a model spec needs evaluation.sets");
        this.rollout = rollout == null ? RolloutSpec.DEFAULT : rollout;
    }
}
