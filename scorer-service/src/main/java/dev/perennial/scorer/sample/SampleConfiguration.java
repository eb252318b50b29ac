package dev.perennial.scorer.sample;

import dev.perennial.common.database.ServiceSchema;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The parts of this feature. */
@Configuration(proxyBeanMethods = false)
@Import(SampleEndpoint.class)
public class SampleConfiguration {

    @Bean
    Samples scorerSamples(ServiceSchema scorerSchema) {
        return new Samples(scorerSchema);
    }
}
