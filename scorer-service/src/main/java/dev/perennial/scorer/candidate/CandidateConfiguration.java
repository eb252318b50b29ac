package dev.perennial.scorer.candidate;

import dev.perennial.common.catalog.ModelCatalog;
import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.EventFamily;
import dev.perennial.common.event.GenerationEvent.GenerationCompleted;
import dev.perennial.common.event.SampleEvent.SampleCandidate;
import dev.perennial.common.job.JobSettings;
import dev.perennial.common.job.Jobs;
import dev.perennial.common.messaging.EventPublisher;
import dev.perennial.common.messaging.EventSubscriptions;
import dev.perennial.common.messaging.Outbox;
import dev.perennial.scorer.heldout.HeldOutTexts;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;

/** The parts of this feature. */
@Configuration(proxyBeanMethods = false)
public class CandidateConfiguration {
    private static final Duration SWEEP = Duration.ofMillis(250);

    @Bean
    Filters scorerFilters() {
        return new Filters();
    }

    @Bean
    LoraEncoders scorerEncoders() {
        return new LoraEncoders();
    }

    @Bean
    Cohorts scorerCohorts(ServiceSchema scorerSchema, Clock clock, CandidateSettings settings) {
        return new Cohorts(scorerSchema, clock, settings.cohortPatience());
    }

    @Bean
    Tables scorerTables(ServiceSchema scorerSchema, Cohorts scorerCohorts, HeldOutTexts scorerHeldOutTexts) {
        return new Tables(
                new SampleStore(scorerSchema),
                new EmbeddingStore(scorerSchema),
                new SampleCounts(scorerSchema),
                scorerCohorts,
                scorerHeldOutTexts);
    }

    @Bean
    ModelIndexes scorerModelIndexes(ServiceSchema scorerSchema, Tables scorerTables) {
        return new ModelIndexes(scorerSchema, scorerTables.samples());
    }

    @Bean
    CandidateStage scorerCandidateStage(
            ModelCatalog scorerCatalog,
            Filters scorerFilters,
            ModelIndexes scorerModelIndexes,
            Tables scorerTables,
            EventPublisher publisher,
            Clock clock) {
        return new CandidateStage(scorerCatalog, scorerFilters, scorerModelIndexes, scorerTables, publisher, clock);
    }

    @Bean
    CohortJudge scorerCohortJudge(
            ModelCatalog scorerCatalog,
            Filters scorerFilters,
            ModelIndexes scorerModelIndexes,
            Tables scorerTables,
            Encoders scorerEncoders,
            Outbox scorerOutbox,
            Clock clock,
            CandidateSettings settings) {
        return new CohortJudge(
                scorerCatalog,
                scorerFilters,
                scorerModelIndexes,
                scorerTables,
                scorerEncoders,
                scorerOutbox,
                clock,
                settings.cohortSize());
    }

    @Bean
    Jobs scorerJobs(
            ServiceSchema scorerSchema, JobSettings settings, CohortJudge scorerCohortJudge, Cohorts scorerCohorts) {
        AtomicReference<@Nullable Jobs> self = new AtomicReference<>(); // the sweep submits to the jobs it is one of
        Jobs jobs = Jobs.of(scorerSchema, settings)
                .handle(Cohorts.JOB, scorerCohortJudge)
                .repeat("sweep-cohorts", SWEEP, () -> scorerCohorts.sweep(Objects.requireNonNull(self.get())))
                .build();
        self.set(jobs);
        return jobs;
    }

    @Bean
    ConcurrentMessageListenerContainer<String, byte[]> scorerCandidates(
            EventSubscriptions subscriptions, CandidateStage scorerCandidateStage, CandidateSettings settings) {
        return subscriptions.<SampleCandidate>batch(
                "scorer",
                EventFamily.SAMPLES,
                Set.of(SampleCandidate.class),
                settings.concurrency(),
                scorerCandidateStage::handle);
    }

    @Bean
    ConcurrentMessageListenerContainer<String, byte[]> scorerGenerations(
            EventSubscriptions subscriptions, Cohorts scorerCohorts) {
        return subscriptions.<GenerationCompleted>batch(
                "scorer", EventFamily.GENERATION, Set.of(GenerationCompleted.class), scorerCohorts::handle);
    }
}
