package dev.perennial.registry.gateway;

import dev.perennial.common.artifact.ArtifactStore;
import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.messaging.Outbox;
import dev.perennial.registry.rollout.Releases;
import dev.perennial.registry.rollout.TrafficChanges;
import dev.perennial.registry.serving.InProcessBackend;
import dev.perennial.registry.serving.ServingBackend;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The parts that answer requests. */
@Configuration(proxyBeanMethods = false)
@Import({PredictEndpoint.class, RequestEndpoint.class})
@EnableConfigurationProperties(GatewaySettings.class)
public class GatewayConfiguration {
    @Bean
    ServingBackend servingBackend() {
        return new InProcessBackend();
    }

    @Bean(destroyMethod = "close")
    Routes registryRoutes(
            ServiceSchema registrySchema,
            ArtifactStore artifactStore,
            ServingBackend servingBackend,
            Releases releases,
            TrafficChanges changes,
            MeterRegistry meters) {
        Routes routes = new Routes(
                new WantedStore(registrySchema), new VersionLoader(artifactStore, servingBackend, releases), meters);
        changes.subscribe(routes::refresh);
        return routes;
    }

    @Bean
    RouteWatch registryRouteWatch(Routes routes, GatewaySettings settings) {
        return new RouteWatch(routes, settings.routePolling());
    }

    @Bean
    RouteHealth registryServingHealthIndicator(RouteWatch watch) {
        return new RouteHealth(watch);
    }

    @Bean
    Predictions registryPredictions(
            ServiceSchema registrySchema, Outbox registryOutbox, Releases releases, GatewaySettings settings) {
        return new Predictions(
                new PostgresPredictions(registrySchema, registryOutbox, releases),
                settings.recordQueue(),
                settings.recordPatience());
    }

    @Bean
    Gateway registryGateway(
            Routes routes, Predictions predictions, GatewaySettings settings, MeterRegistry meters, Clock clock) {
        return new Gateway(
                routes, predictions, new RequestIds(clock, new SecureRandom()), settings.slow(), meters, clock);
    }
}
