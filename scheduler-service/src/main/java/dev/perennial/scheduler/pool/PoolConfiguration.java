package dev.perennial.scheduler.pool;

import dev.perennial.common.database.ServiceSchema;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The pool's parts. */
@Configuration(proxyBeanMethods = false)
@Import(PoolEndpoint.class)
public class PoolConfiguration {

    @Bean
    SamplePool schedulerPool(ServiceSchema schedulerSchema) {
        return new SamplePool(schedulerSchema);
    }
}
