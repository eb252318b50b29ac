package dev.perennial.registry;

import dev.perennial.common.PlumbingConfiguration;
import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.messaging.EventPublisher;
import dev.perennial.common.messaging.Outbox;
import dev.perennial.registry.feedback.FeedbackConfiguration;
import dev.perennial.registry.gateway.GatewayConfiguration;
import dev.perennial.registry.model.ChangeLog;
import dev.perennial.registry.model.ModelEndpoint;
import dev.perennial.registry.model.Models;
import dev.perennial.registry.rollout.RolloutConfiguration;
import dev.perennial.registry.timeline.TimelineEndpoint;
import dev.perennial.registry.version.VersionConfiguration;
import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.PropertySource;
import org.springframework.transaction.PlatformTransactionManager;

/** The registry's parts. Whatever process has them is ready when its gateway is. */
@Configuration(proxyBeanMethods = false)
@Import({
    PlumbingConfiguration.class,
    ModelEndpoint.class,
    VersionConfiguration.class,
    RolloutConfiguration.class,
    TimelineEndpoint.class,
    GatewayConfiguration.class,
    FeedbackConfiguration.class
})
@PropertySource("classpath:dev/perennial/registry/readiness.properties")
public class RegistryConfiguration {
    @Bean
    ServiceSchema registrySchema(DataSource dataSource, PlatformTransactionManager transactionManager) {
        return ServiceSchema.migrate("registry", dataSource, transactionManager);
    }

    @Bean
    Outbox registryOutbox(ServiceSchema registrySchema, EventPublisher publisher) {
        return new Outbox(registrySchema, publisher);
    }

    @Bean
    ChangeLog registryChangeLog(ServiceSchema registrySchema, Clock clock) {
        return new ChangeLog(registrySchema, clock);
    }

    @Bean
    Models registryModels(ServiceSchema registrySchema, Outbox registryOutbox, ChangeLog changes, Clock clock) {
        return new Models(registrySchema, registryOutbox, changes, clock);
    }
}
