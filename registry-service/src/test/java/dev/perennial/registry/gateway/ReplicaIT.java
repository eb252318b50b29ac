package dev.perennial.registry.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.registry.TestRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReplicaIT {
    private final TestRegistry registry = TestRegistry.shared();

    @Test
    void another_process_answers_with_the_version_before_within_a_second_of_a_rollback() {
        String model = registry.model("{steps: [100]}");
        registry.register(model, "");
        registry.register(model, "");
        try (TestRegistry replica = registry.replica()) {
            TestRegistry.await(() -> replica.get("/actuator/health/readiness").status() == 200);
            assertThat(version(replica, model)).isEqualTo(2);

            long started = System.nanoTime();
            registry.post("/api/models/" + model + "/rollback", "{}");
            TestRegistry.await(() -> version(replica, model) == 1);

            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(1));
        }
    }

    @Test
    void feedback_may_come_to_another_process_than_the_one_that_answered() {
        String model = registry.model("{steps: [100]}");
        registry.register(model, "");
        registry.awaitAnswersFrom(model, 1);
        try (TestRegistry replica = registry.replica()) {
            String requestId = registry.predict(model, "k", "slow")
                    .body()
                    .path("requestId")
                    .asString();
            String feedback = "{\"requestId\": \"" + requestId + "\", \"rating\": 1}";
            TestRegistry.await(() -> replica.post("/v1/feedback", feedback).status() == 200);

            assertThat(registry.post("/v1/feedback", feedback)
                            .body()
                            .path("duplicates")
                            .asInt())
                    .isEqualTo(1);
        }
    }

    private static int version(TestRegistry registry, String model) {
        return registry.predict(model, "k", "slow").body().path("version").asInt();
    }
}
