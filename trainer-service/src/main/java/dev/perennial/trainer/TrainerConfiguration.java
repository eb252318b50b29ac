package dev.perennial.trainer;

import dev.perennial.common.PlumbingConfiguration;
import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.messaging.EventPublisher;
import dev.perennial.common.messaging.Outbox;
import dev.perennial.trainer.backend.DjlBackend;
import dev.perennial.trainer.backend.TrainingBackend;
import dev.perennial.trainer.run.RunConfiguration;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.transaction.PlatformTransactionManager;

/** The trainer's parts. */
@Configuration(proxyBeanMethods = false)
@Import({PlumbingConfiguration.class, RunConfiguration.class})
@EnableConfigurationProperties(TrainerSettings.class)
public class TrainerConfiguration {

    @Bean
    ServiceSchema trainerSchema(DataSource dataSource, PlatformTransactionManager transactionManager) {
        return ServiceSchema.migrate("trainer", dataSource, transactionManager);
    }

    @Bean
    Outbox trainerOutbox(ServiceSchema trainerSchema, EventPublisher publisher) {
        return new Outbox(trainerSchema, publisher);
    }

    @Bean
    TrainingBackend trainerBackend() {
        return new DjlBackend();
    }
}
