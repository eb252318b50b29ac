package dev.perennial.evaluator;

import dev.perennial.common.PlumbingConfiguration;
import dev.perennial.common.catalog.ModelCatalog;
import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.messaging.EventPublisher;
import dev.perennial.common.messaging.EventSubscriptions;
import dev.perennial.common.messaging.Outbox;
import dev.perennial.evaluator.drift.DriftConfiguration;
import dev.perennial.evaluator.drift.DriftSettings;
import dev.perennial.evaluator.evaluationset.EvaluationSetConfiguration;
import dev.perennial.evaluator.report.ReportConfiguration;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.transaction.PlatformTransactionManager;

/** The evaluator's parts. */
@Configuration(proxyBeanMethods = false)
@Import({
    PlumbingConfiguration.class,
    EvaluationSetConfiguration.class,
    ReportConfiguration.class,
    DriftConfiguration.class
})
@EnableConfigurationProperties(EvaluatorSettings.class)
public class EvaluatorConfiguration {

    @Bean
    ServiceSchema evaluatorSchema(DataSource dataSource, PlatformTransactionManager transactionManager) {
        return ServiceSchema.migrate("evaluator", dataSource, transactionManager);
    }

    @Bean
    Outbox evaluatorOutbox(ServiceSchema evaluatorSchema, EventPublisher publisher) {
        return new Outbox(evaluatorSchema, publisher);
    }

    @Bean
    ModelCatalog evaluatorCatalog(ServiceSchema evaluatorSchema) {
        return new ModelCatalog(evaluatorSchema);
    }

    @Bean
    ConcurrentMessageListenerContainer<String, byte[]> evaluatorModels(
            ModelCatalog evaluatorCatalog, EventSubscriptions subscriptions) {
        return evaluatorCatalog.subscription(subscriptions);
    }

    @Bean
    DriftSettings evaluatorDriftSettings(EvaluatorSettings settings) {
        return settings.drift();
    }
}
