package dev.perennial.trainer.run;

import dev.perennial.common.PlumbingSettings;
import dev.perennial.common.artifact.ArtifactStore;
import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.EventFamily;
import dev.perennial.common.event.TrainingEvent.TrainingRequested;
import dev.perennial.common.job.JobSettings;
import dev.perennial.common.job.Jobs;
import dev.perennial.common.messaging.EventSubscriptions;
import dev.perennial.common.messaging.Outbox;
import dev.perennial.trainer.TrainerSettings;
import dev.perennial.trainer.backend.TrainingBackend;
import java.time.Clock;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;

/** The parts that do training runs. */
@Configuration(proxyBeanMethods = false)
@Import(RunEndpoint.class)
public class RunConfiguration {

    @Bean
    RunStore trainerRunStore(ServiceSchema trainerSchema) {
        return new RunStore(trainerSchema);
    }

    @Bean
    RunViews trainerRunViews(ServiceSchema trainerSchema) {
        return new RunViews(trainerSchema);
    }

    @Bean
    Jobs trainerJobs(
            ServiceSchema trainerSchema,
            JobSettings jobSettings,
            RunStore trainerRunStore,
            TrainingBackend trainerBackend,
            ArtifactStore artifactStore,
            Outbox trainerOutbox,
            TrainerSettings settings,
            PlumbingSettings shared,
            Clock clock) {
        RunJob job = new RunJob(
                trainerRunStore,
                trainerBackend,
                artifactStore,
                trainerOutbox,
                settings,
                shared.artifacts().resolve("checkpoints"),
                clock);
        return Jobs.of(trainerSchema, jobSettings)
                .threads(settings.concurrentRuns())
                .handle(RunJob.KIND, job::run)
                .build();
    }

    @Bean
    ConcurrentMessageListenerContainer<String, byte[]> trainerRequests(
            EventSubscriptions subscriptions,
            ServiceSchema trainerSchema,
            RunStore trainerRunStore,
            Jobs trainerJobs,
            Clock clock) {
        RunIntake intake = new RunIntake(trainerSchema, trainerRunStore, trainerJobs, clock);
        return subscriptions.<TrainingRequested>batch(
                "trainer", EventFamily.TRAINING, Set.of(TrainingRequested.class), intake::on);
    }
}
