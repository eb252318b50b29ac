package dev.perennial.registry.version;

import dev.perennial.common.artifact.ArtifactStore;
import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.EvaluationEvent.EvaluationCompleted;
import dev.perennial.common.event.EventFamily;
import dev.perennial.common.messaging.EventSubscriptions;
import dev.perennial.common.messaging.Outbox;
import dev.perennial.registry.model.ChangeLog;
import dev.perennial.registry.model.Models;
import dev.perennial.registry.rollout.Releases;
import dev.perennial.registry.serving.ServingBackend;
import java.time.Clock;
import java.util.Set;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;

/** The parts that register versions. */
@Configuration(proxyBeanMethods = false)
@Import(VersionEndpoint.class)
@EnableConfigurationProperties(ImportSettings.class)
public class VersionConfiguration {
    @Bean
    Versions registryVersions(ServiceSchema registrySchema, Models models, Outbox registryOutbox) {
        return new Versions(registrySchema, models, registryOutbox);
    }

    @Bean
    AdapterImport registryAdapterImport(
            ServiceSchema registrySchema,
            Models models,
            Versions versions,
            ChangeLog changeLog,
            Releases releases,
            ArtifactStore artifactStore,
            ServingBackend servingBackend,
            ImportSettings settings,
            Clock clock) {
        return new AdapterImport(
                registrySchema,
                models,
                versions,
                changeLog,
                releases,
                artifactStore,
                servingBackend,
                new AdapterZip(settings.maxUnpacked().toBytes()),
                clock);
    }

    @Bean
    ConcurrentMessageListenerContainer<String, byte[]> registryEvaluations(
            EventSubscriptions subscriptions,
            ServiceSchema registrySchema,
            Models models,
            Versions versions,
            ChangeLog changeLog,
            Releases releases,
            Clock clock) {
        Registrar registrar = new Registrar(registrySchema, models, versions, changeLog, releases, clock);
        return subscriptions.batch(
                registrySchema.name(), EventFamily.EVALUATION, Set.of(EvaluationCompleted.class), registrar::register);
    }
}
