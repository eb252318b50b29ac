package dev.perennial.evaluator.drift;

import dev.perennial.common.catalog.ModelCatalog;
import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.EventFamily;
import dev.perennial.common.event.TrafficEvent.FeedbackReceived;
import dev.perennial.common.messaging.EventSubscriptions;
import dev.perennial.common.messaging.Outbox;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;

/** The parts of this feature. */
@Configuration(proxyBeanMethods = false)
@Import(DriftEndpoint.class)
public class DriftConfiguration {

    @Bean
    DriftStore evaluatorDriftStore(ServiceSchema evaluatorSchema) {
        return new DriftStore(evaluatorSchema);
    }

    @Bean
    DriftWatch evaluatorDriftWatch(
            ServiceSchema evaluatorSchema,
            ModelCatalog evaluatorCatalog,
            Outbox evaluatorOutbox,
            DriftStore evaluatorDriftStore,
            DriftSettings settings,
            MeterRegistry meters) {
        return new DriftWatch(
                evaluatorSchema,
                evaluatorCatalog,
                evaluatorOutbox,
                evaluatorDriftStore,
                state -> Adwin.restore(settings.delta(), settings.checkEvery(), state),
                new DriftGauges(meters),
                settings);
    }

    @Bean
    ConcurrentMessageListenerContainer<String, byte[]> evaluatorTraffic(
            EventSubscriptions subscriptions, DriftWatch evaluatorDriftWatch) {
        return subscriptions.batch(
                "evaluator", EventFamily.TRAFFIC, Set.of(FeedbackReceived.class), evaluatorDriftWatch::handle);
    }
}
