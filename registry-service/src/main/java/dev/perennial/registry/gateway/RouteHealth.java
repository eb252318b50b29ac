package dev.perennial.registry.gateway;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Not up before every live version is loaded. */
final class RouteHealth implements HealthIndicator {
    private final RouteWatch watch;

    RouteHealth(RouteWatch watch) {
        this.watch = watch;
    }

    @Override
    public Health health() {
        return watch.caughtUp()
                ? Health.up().build()
                : Health.outOfService()
                        .withDetail("reason", "live versions are being loaded")
                        .build();
    }
}
