package dev.perennial.scorer.heldout;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.EvaluationEvent.EvaluationSetDeclared;
import dev.perennial.common.event.EventFamily;
import dev.perennial.common.messaging.EventSubscriptions;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;

/** The parts of this feature. */
@Configuration(proxyBeanMethods = false)
public class HeldOutConfiguration {

    @Bean
    HeldOutTexts scorerHeldOutTexts(ServiceSchema scorerSchema) {
        return new HeldOutTexts(scorerSchema);
    }

    @Bean
    ConcurrentMessageListenerContainer<String, byte[]> scorerEvaluationSets(
            EventSubscriptions subscriptions, HeldOutTexts scorerHeldOutTexts) {
        return subscriptions.<EvaluationSetDeclared>batch(
                "scorer", EventFamily.EVALUATION, Set.of(EvaluationSetDeclared.class), scorerHeldOutTexts::handle);
    }
}
