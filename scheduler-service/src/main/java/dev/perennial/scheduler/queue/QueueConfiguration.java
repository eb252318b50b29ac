package dev.perennial.scheduler.queue;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.scheduler.SchedulerSettings;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The training queue's parts. */
@Configuration(proxyBeanMethods = false)
@Import(QueueEndpoint.class)
public class QueueConfiguration {

    @Bean
    Slots schedulerSlots(ServiceSchema schedulerSchema, SchedulerSettings settings) {
        return new Slots(schedulerSchema, settings.slots());
    }
}
