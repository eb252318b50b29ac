package dev.perennial.scheduler;

import dev.perennial.common.PlumbingConfiguration;
import dev.perennial.common.catalog.ModelCatalog;
import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.messaging.EventPublisher;
import dev.perennial.common.messaging.EventSubscriptions;
import dev.perennial.common.messaging.Outbox;
import dev.perennial.scheduler.dataset.DatasetConfiguration;
import dev.perennial.scheduler.pool.PoolConfiguration;
import dev.perennial.scheduler.queue.QueueConfiguration;
import dev.perennial.scheduler.round.RoundConfiguration;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.transaction.PlatformTransactionManager;

/** The scheduler's parts. */
@Configuration(proxyBeanMethods = false)
@Import({
    PlumbingConfiguration.class,
    PoolConfiguration.class,
    DatasetConfiguration.class,
    QueueConfiguration.class,
    RoundConfiguration.class
})
@EnableConfigurationProperties(SchedulerSettings.class)
public class SchedulerConfiguration {

    @Bean
    ServiceSchema schedulerSchema(DataSource dataSource, PlatformTransactionManager transactionManager) {
        return ServiceSchema.migrate("scheduler", dataSource, transactionManager);
    }

    @Bean
    Outbox schedulerOutbox(ServiceSchema schedulerSchema, EventPublisher publisher) {
        return new Outbox(schedulerSchema, publisher);
    }

    @Bean
    ModelCatalog schedulerCatalog(ServiceSchema schedulerSchema) {
        return new ModelCatalog(schedulerSchema);
    }

    @Bean
    ConcurrentMessageListenerContainer<String, byte[]> schedulerModels(
            ModelCatalog schedulerCatalog, EventSubscriptions subscriptions) {
        return schedulerCatalog.subscription(subscriptions);
    }
}
