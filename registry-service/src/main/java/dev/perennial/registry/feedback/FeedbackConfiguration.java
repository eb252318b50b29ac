package dev.perennial.registry.feedback;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.messaging.Outbox;
import dev.perennial.registry.gateway.Predictions;
import dev.perennial.registry.model.Models;
import dev.perennial.registry.rollout.Releases;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The parts of the feedback door. */
@Configuration(proxyBeanMethods = false)
@Import(FeedbackEndpoint.class)
public class FeedbackConfiguration {
    @Bean
    FeedbackDoor registryFeedbackDoor(
            ServiceSchema registrySchema,
            Predictions predictions,
            Models models,
            Releases releases,
            Outbox registryOutbox,
            Clock clock) {
        return new FeedbackDoor(
                registrySchema,
                new FeedbackStore(registrySchema),
                predictions,
                models,
                releases,
                registryOutbox,
                clock);
    }
}
