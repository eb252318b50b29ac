package dev.perennial.evaluator.report;

import dev.perennial.common.artifact.ArtifactStore;
import dev.perennial.common.catalog.ModelCatalog;
import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.EventFamily;
import dev.perennial.common.event.TrainingEvent.TrainingCompleted;
import dev.perennial.common.job.JobSettings;
import dev.perennial.common.job.Jobs;
import dev.perennial.common.messaging.EventSubscriptions;
import dev.perennial.common.messaging.Outbox;
import dev.perennial.evaluator.evaluationset.EvaluationSets;
import java.time.Clock;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;

/** The parts of this feature. */
@Configuration(proxyBeanMethods = false)
@Import(ReportEndpoint.class)
public class ReportConfiguration {

    @Bean
    Classifiers evaluatorClassifiers(ArtifactStore artifactStore) {
        return new LoraClassifiers(artifactStore);
    }

    @Bean
    EvaluationRuns evaluatorRuns(ServiceSchema evaluatorSchema) {
        return new EvaluationRuns(evaluatorSchema);
    }

    @Bean
    Reports evaluatorReports(ServiceSchema evaluatorSchema) {
        return new Reports(evaluatorSchema);
    }

    @Bean
    EvaluationJob evaluatorJob(
            EvaluationRuns evaluatorRuns,
            Reports evaluatorReports,
            Outbox evaluatorOutbox,
            ModelCatalog evaluatorCatalog,
            EvaluationSets evaluatorEvaluationSets,
            Classifiers evaluatorClassifiers,
            Clock clock) {
        Examiner examiner = new Examiner(evaluatorCatalog, evaluatorEvaluationSets, evaluatorClassifiers, clock);
        return new EvaluationJob(evaluatorRuns, examiner, evaluatorReports, evaluatorOutbox);
    }

    @Bean
    Jobs evaluatorJobs(ServiceSchema evaluatorSchema, JobSettings settings, EvaluationJob evaluatorJob) {
        return Jobs.of(evaluatorSchema, settings)
                .handle(EvaluationJob.KIND, evaluatorJob, evaluatorJob::giveUp)
                .build();
    }

    @Bean
    ConcurrentMessageListenerContainer<String, byte[]> evaluatorTraining(
            EventSubscriptions subscriptions, EvaluationRuns evaluatorRuns, Jobs evaluatorJobs) {
        return subscriptions.batch(
                "evaluator",
                EventFamily.TRAINING,
                Set.of(TrainingCompleted.class),
                batch -> evaluatorRuns.handle(batch, evaluatorJobs));
    }
}
