package dev.perennial.registry.rollout;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.job.JobSettings;
import dev.perennial.common.job.Jobs;
import dev.perennial.common.messaging.Outbox;
import dev.perennial.registry.model.ChangeLog;
import dev.perennial.registry.model.Models;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The parts that decide about traffic. */
@Configuration(proxyBeanMethods = false)
@Import(RolloutEndpoint.class)
@EnableConfigurationProperties(RolloutSettings.class)
public class RolloutConfiguration {
    @Bean
    TrafficChanges registryTrafficChanges() {
        return new TrafficChanges();
    }

    @Bean
    Releases registryReleases(
            ServiceSchema registrySchema,
            Models models,
            ChangeLog changeLog,
            Outbox registryOutbox,
            TrafficChanges trafficChanges,
            MeterRegistry meters,
            Clock clock) {
        RolloutStore rollouts = new RolloutStore(registrySchema);
        return new Releases(
                registrySchema,
                models,
                new Lineups(registrySchema, models, rollouts, changeLog, registryOutbox),
                rollouts,
                trafficChanges,
                meters,
                clock);
    }

    @Bean
    Jobs registryJobs(ServiceSchema registrySchema, JobSettings jobs, RolloutSettings settings, Releases releases) {
        return Jobs.of(registrySchema, jobs)
                .repeat("rollout-windows", settings.windowPolling(), releases::tick)
                .build();
    }
}
