package dev.perennial.evaluator.evaluationset;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.messaging.Outbox;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The parts of this feature. */
@Configuration(proxyBeanMethods = false)
@Import(EvaluationSetEndpoint.class)
public class EvaluationSetConfiguration {

    @Bean
    EvaluationSets evaluatorEvaluationSets(ServiceSchema evaluatorSchema, Outbox evaluatorOutbox, Clock clock) {
        return new EvaluationSets(evaluatorSchema, evaluatorOutbox, clock);
    }
}
