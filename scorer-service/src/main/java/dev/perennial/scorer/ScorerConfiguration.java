package dev.perennial.scorer;

import dev.perennial.common.PlumbingConfiguration;
import dev.perennial.common.catalog.ModelCatalog;
import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.messaging.EventPublisher;
import dev.perennial.common.messaging.EventSubscriptions;
import dev.perennial.common.messaging.Outbox;
import dev.perennial.scorer.candidate.CandidateConfiguration;
import dev.perennial.scorer.candidate.CandidateSettings;
import dev.perennial.scorer.door.DoorConfiguration;
import dev.perennial.scorer.heldout.HeldOutConfiguration;
import dev.perennial.scorer.sample.SampleConfiguration;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.transaction.PlatformTransactionManager;

/** The scorer's parts. */
@Configuration(proxyBeanMethods = false)
@Import({
    PlumbingConfiguration.class,
    HeldOutConfiguration.class,
    CandidateConfiguration.class,
    DoorConfiguration.class,
    SampleConfiguration.class
})
@EnableConfigurationProperties(ScorerSettings.class)
public class ScorerConfiguration {

    @Bean
    ServiceSchema scorerSchema(DataSource dataSource, PlatformTransactionManager transactionManager) {
        return ServiceSchema.migrate("scorer", dataSource, transactionManager);
    }

    @Bean
    Outbox scorerOutbox(ServiceSchema scorerSchema, EventPublisher publisher) {
        return new Outbox(scorerSchema, publisher);
    }

    @Bean
    ModelCatalog scorerCatalog(ServiceSchema scorerSchema) {
        return new ModelCatalog(scorerSchema);
    }

    @Bean
    ConcurrentMessageListenerContainer<String, byte[]> scorerModels(
            ModelCatalog scorerCatalog, EventSubscriptions subscriptions) {
        return scorerCatalog.subscription(subscriptions);
    }

    @Bean
    CandidateSettings scorerCandidateSettings(ScorerSettings settings) {
        return settings.candidates();
    }
}
