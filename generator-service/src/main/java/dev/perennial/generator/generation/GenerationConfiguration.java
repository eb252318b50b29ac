package dev.perennial.generator.generation;

import dev.perennial.common.catalog.ModelCatalog;
import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.EventFamily;
import dev.perennial.common.event.GenerationEvent.GenerationRequested;
import dev.perennial.common.job.JobSettings;
import dev.perennial.common.job.Jobs;
import dev.perennial.common.messaging.EventPublisher;
import dev.perennial.common.messaging.EventSubscriptions;
import dev.perennial.common.messaging.Outbox;
import dev.perennial.generator.call.CallStore;
import dev.perennial.generator.call.LlmCalls;
import dev.perennial.generator.knowledge.KnowledgeStore;
import dev.perennial.generator.provider.Providers;
import dev.perennial.generator.seed.SeedStore;
import dev.perennial.generator.template.TemplateStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;

/** The parts of generation runs. */
@Configuration(proxyBeanMethods = false)
@Import(GenerationEndpoint.class)
public class GenerationConfiguration {

    @Bean
    GenerationStore generationStore(ServiceSchema generatorSchema) {
        return new GenerationStore(generatorSchema);
    }

    @Bean
    CandidatePublisher candidatePublisher(EventPublisher publisher, Clock clock) {
        return new CandidatePublisher(publisher, clock);
    }

    @Bean
    GenerationJob generationJob(
            ServiceSchema generatorSchema,
            ModelCatalog generatorCatalog,
            Outbox generatorOutbox,
            TemplateStore templates,
            KnowledgeStore knowledge,
            Providers providers,
            SeedStore seeds,
            CallStore callStore,
            LlmCalls calls,
            GenerationStore generations,
            CandidatePublisher publisher,
            MeterRegistry meters,
            Clock clock,
            RunSettings settings) {
        return new GenerationJob(
                new Preparation(generatorCatalog, templates, knowledge, providers),
                new Planning(
                        new PlanStore(generatorSchema),
                        seeds,
                        new CallPlanner(settings.samplesPerCall(), settings.examplesPerCall()),
                        settings.topUps()),
                generations,
                calls,
                new Budget(callStore, clock),
                new Intake(generations, new CandidateStore(generatorSchema), publisher, meters, clock),
                new Conclusion(generations, generatorOutbox, clock),
                clock,
                settings);
    }

    @Bean
    Jobs generatorJobs(
            ServiceSchema generatorSchema, JobSettings settings, GenerationJob generationJob, RunSettings runs) {
        return Jobs.of(generatorSchema, settings)
                .handle(GenerationRequests.KIND, generationJob, generationJob::giveUp)
                .threads(runs.runs())
                .build();
    }

    @Bean
    ConcurrentMessageListenerContainer<String, byte[]> generationRequests(
            EventSubscriptions subscriptions,
            ServiceSchema generatorSchema,
            GenerationStore generations,
            Jobs generatorJobs) {
        GenerationRequests requests = new GenerationRequests(generatorSchema, generations, generatorJobs);
        return subscriptions.batch(
                generatorSchema.name(),
                EventFamily.GENERATION,
                Set.<Class<? extends GenerationRequested>>of(GenerationRequested.class),
                requests::handle);
    }
}
