package dev.perennial.scorer.door;

import dev.perennial.common.catalog.ModelCatalog;
import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.messaging.Outbox;
import dev.perennial.scorer.candidate.Filters;
import dev.perennial.scorer.heldout.HeldOutTexts;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The parts of this feature. */
@Configuration(proxyBeanMethods = false)
@Import(SampleDoorEndpoint.class)
public class DoorConfiguration {

    @Bean
    SampleDoor scorerSampleDoor(
            ServiceSchema scorerSchema,
            ModelCatalog scorerCatalog,
            Filters scorerFilters,
            HeldOutTexts scorerHeldOutTexts,
            Outbox scorerOutbox,
            Clock clock) {
        return new SampleDoor(scorerSchema, scorerCatalog, scorerFilters, scorerHeldOutTexts, scorerOutbox, clock);
    }
}
