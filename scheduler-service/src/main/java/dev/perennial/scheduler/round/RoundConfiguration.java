package dev.perennial.scheduler.round;

import dev.perennial.common.catalog.ModelCatalog;
import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.DriftEvent.DriftDetected;
import dev.perennial.common.event.EvaluationEvent.EvaluationCompleted;
import dev.perennial.common.event.EvaluationEvent.EvaluationSetDeclared;
import dev.perennial.common.event.EventFamily;
import dev.perennial.common.event.GenerationEvent.GenerationCompleted;
import dev.perennial.common.event.SampleEvent.SampleScored;
import dev.perennial.common.event.TrainingEvent.TrainingCompleted;
import dev.perennial.common.event.TrainingEvent.TrainingFailed;
import dev.perennial.common.job.JobSettings;
import dev.perennial.common.job.Jobs;
import dev.perennial.common.messaging.EventSubscriptions;
import dev.perennial.common.messaging.Outbox;
import dev.perennial.scheduler.SchedulerSettings;
import dev.perennial.scheduler.dataset.DatasetFiles;
import dev.perennial.scheduler.dataset.Datasets;
import dev.perennial.scheduler.pool.SamplePool;
import dev.perennial.scheduler.queue.Slots;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;

/** The parts that move rounds on. */
@Configuration(proxyBeanMethods = false)
@Import(RoundEndpoint.class)
public class RoundConfiguration {
    private static final Duration SWEEP = Duration.ofSeconds(2);
    private static final int SAMPLE_CONSUMERS = 2;

    @Bean
    RoundViews schedulerRoundViews(ServiceSchema schedulerSchema) {
        return new RoundViews(schedulerSchema);
    }

    @Bean
    RoundStore schedulerRoundStore(ServiceSchema schedulerSchema) {
        return new RoundStore(schedulerSchema);
    }

    @Bean
    Rounds schedulerRounds(
            ServiceSchema schedulerSchema,
            SamplePool schedulerPool,
            ModelCatalog schedulerCatalog,
            RoundStore schedulerRoundStore,
            Slots schedulerSlots,
            Outbox schedulerOutbox,
            ObjectProvider<Jobs> schedulerJobs,
            Clock clock) {
        TriggerStore triggers = new TriggerStore(schedulerSchema);
        return new Rounds(
                schedulerSchema,
                schedulerPool,
                schedulerCatalog,
                schedulerRoundStore,
                triggers,
                new RoundFlow(
                        schedulerRoundStore,
                        new RoundOpening(schedulerCatalog, schedulerPool, schedulerRoundStore, triggers),
                        schedulerCatalog,
                        schedulerSlots,
                        schedulerOutbox,
                        round -> schedulerJobs.getObject().submit(RoundAssembly.KIND, round.jobId()),
                        clock));
    }

    @Bean
    RoundAssembly schedulerRoundAssembly(
            SamplePool schedulerPool,
            RoundStore schedulerRoundStore,
            Rounds schedulerRounds,
            DatasetFiles schedulerDatasetFiles,
            Datasets schedulerDatasets,
            Clock clock) {
        return new RoundAssembly(
                schedulerPool, schedulerRoundStore, schedulerRounds, schedulerDatasetFiles, schedulerDatasets, clock);
    }

    @Bean
    Jobs schedulerJobs(
            ServiceSchema schedulerSchema,
            JobSettings jobSettings,
            RoundAssembly schedulerRoundAssembly,
            Rounds schedulerRounds,
            SchedulerSettings settings,
            Clock clock) {
        return Jobs.of(schedulerSchema, jobSettings)
                .handle(RoundAssembly.KIND, schedulerRoundAssembly::run, schedulerRoundAssembly::giveUp)
                .repeat(
                        "sweep",
                        SWEEP,
                        () -> schedulerRounds.sweep(clock.instant().minus(settings.stragglerPatience())))
                .build();
    }

    @Bean
    ConcurrentMessageListenerContainer<String, byte[]> schedulerSamples(
            EventSubscriptions subscriptions, Rounds schedulerRounds) {
        return subscriptions.<SampleScored>batch(
                "scheduler",
                EventFamily.SAMPLES,
                Set.of(SampleScored.class),
                SAMPLE_CONSUMERS,
                schedulerRounds::onSamples);
    }

    @Bean
    ConcurrentMessageListenerContainer<String, byte[]> schedulerGenerations(
            EventSubscriptions subscriptions, Rounds schedulerRounds) {
        return subscriptions.<GenerationCompleted>batch(
                "scheduler", EventFamily.GENERATION, Set.of(GenerationCompleted.class), schedulerRounds::onGenerations);
    }

    @Bean
    ConcurrentMessageListenerContainer<String, byte[]> schedulerTrainings(
            EventSubscriptions subscriptions, Rounds schedulerRounds) {
        return subscriptions.batch(
                "scheduler",
                EventFamily.TRAINING,
                Set.of(TrainingCompleted.class, TrainingFailed.class),
                schedulerRounds::onTraining);
    }

    @Bean
    ConcurrentMessageListenerContainer<String, byte[]> schedulerEvaluations(
            EventSubscriptions subscriptions, Rounds schedulerRounds) {
        return subscriptions.batch(
                "scheduler",
                EventFamily.EVALUATION,
                Set.of(EvaluationCompleted.class, EvaluationSetDeclared.class),
                schedulerRounds::onEvaluation);
    }

    @Bean
    ConcurrentMessageListenerContainer<String, byte[]> schedulerDrifts(
            EventSubscriptions subscriptions, Rounds schedulerRounds) {
        return subscriptions.<DriftDetected>batch(
                "scheduler", EventFamily.DRIFT, Set.of(DriftDetected.class), schedulerRounds::onDrift);
    }
}
