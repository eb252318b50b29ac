package dev.perennial.generator;

import dev.perennial.common.PlumbingConfiguration;
import dev.perennial.common.catalog.ModelCatalog;
import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.EventFamily;
import dev.perennial.common.event.SampleEvent.SampleScored;
import dev.perennial.common.messaging.EventPublisher;
import dev.perennial.common.messaging.EventSubscriptions;
import dev.perennial.common.messaging.Outbox;
import dev.perennial.generator.call.CallStore;
import dev.perennial.generator.call.LlmCalls;
import dev.perennial.generator.generation.GenerationConfiguration;
import dev.perennial.generator.generation.RunSettings;
import dev.perennial.generator.knowledge.KnowledgeEndpoint;
import dev.perennial.generator.knowledge.KnowledgeLimit;
import dev.perennial.generator.knowledge.KnowledgeStore;
import dev.perennial.generator.provider.Providers;
import dev.perennial.generator.provider.ResilientProvider;
import dev.perennial.generator.provider.SampleProvider;
import dev.perennial.generator.provider.offline.OfflineProvider;
import dev.perennial.generator.provider.openai.LlmSettings;
import dev.perennial.generator.provider.openai.OpenAiProvider;
import dev.perennial.generator.seed.SeedStore;
import dev.perennial.generator.template.TemplateEndpoint;
import dev.perennial.generator.template.TemplateStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.transaction.PlatformTransactionManager;

/** The parts of the generator. */
@Configuration(proxyBeanMethods = false)
@Import({PlumbingConfiguration.class, GenerationConfiguration.class, TemplateEndpoint.class, KnowledgeEndpoint.class})
@EnableConfigurationProperties({GeneratorSettings.class, LlmSettings.class})
public class GeneratorConfiguration {

    @Bean
    ServiceSchema generatorSchema(DataSource dataSource, PlatformTransactionManager transactions) {
        return ServiceSchema.migrate("generator", dataSource, transactions);
    }

    @Bean
    Outbox generatorOutbox(ServiceSchema generatorSchema, EventPublisher publisher) {
        return new Outbox(generatorSchema, publisher);
    }

    @Bean
    ModelCatalog generatorCatalog(ServiceSchema generatorSchema) {
        return new ModelCatalog(generatorSchema);
    }

    @Bean
    ConcurrentMessageListenerContainer<String, byte[]> generatorModels(
            ModelCatalog generatorCatalog, EventSubscriptions subscriptions) {
        return generatorCatalog.subscription(subscriptions);
    }

    @Bean
    TemplateStore templateStore(ServiceSchema generatorSchema) {
        return new TemplateStore(generatorSchema);
    }

    @Bean
    KnowledgeStore knowledgeStore(ServiceSchema generatorSchema) {
        return new KnowledgeStore(generatorSchema);
    }

    @Bean
    KnowledgeLimit knowledgeLimit(GeneratorSettings settings) {
        return settings.knowledge();
    }

    @Bean
    RunSettings generationRunSettings(GeneratorSettings settings) {
        return settings.run();
    }

    @Bean
    SeedStore seedStore(ServiceSchema generatorSchema, GeneratorSettings settings) {
        return new SeedStore(generatorSchema, settings.seedsPerLabel());
    }

    @Bean
    ConcurrentMessageListenerContainer<String, byte[]> generatorSeeds(
            SeedStore seeds, ServiceSchema generatorSchema, EventSubscriptions subscriptions) {
        return subscriptions.batch(
                generatorSchema.name(),
                EventFamily.SAMPLES,
                Set.<Class<? extends SampleScored>>of(SampleScored.class),
                seeds::handle);
    }

    /** The offline provider is always there; an outside LLM where its address is set. */
    @Bean
    Providers sampleProviders(GeneratorSettings settings, LlmSettings llm) {
        SampleProvider outside = llm.configured()
                ? new ResilientProvider(
                        new OpenAiProvider(llm, settings.resilience().timeout()), settings.resilience())
                : null;
        return new Providers(new OfflineProvider(), outside);
    }

    @Bean
    CallStore llmCallStore(ServiceSchema generatorSchema) {
        return new CallStore(generatorSchema);
    }

    @Bean
    LlmCalls llmCalls(CallStore store, GeneratorSettings settings, MeterRegistry meters, Clock clock) {
        return new LlmCalls(store, settings.price(), meters, clock);
    }
}
