package dev.perennial.registry.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.registry.TestRegistry;
import dev.perennial.registry.TestRegistry.Reply;
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

    @Test
    void a_process_is_not_ready_and_says_try_again_while_a_live_version_is_not_loaded() {
        try (TestRegistry alone = TestRegistry.alone()) {
            String good = alone.model("{steps: [100]}");
            alone.register(good, "");
            String bad = alone.model("{steps: [100]}");
            alone.register(bad, "!refused");
            String empty = alone.model("{steps: [100]}");
            try (TestRegistry replica = alone.replica()) {
                TestRegistry.await(() -> ask(replica, good).status() == 200);
                TestRegistry.await(() -> ask(replica, empty).code().equals("nothing-live"));

                Reply refused = ask(replica, bad);
                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.code()).isEqualTo("being-loaded");
                assertThat(refused.response().headers().firstValue("Retry-After"))
                        .hasValue("1");
                assertThat(ask(replica, "nobody").status()).isEqualTo(404);
                assertThat(replica.get("/actuator/health/readiness").status()).isEqualTo(503);
            }
        }
    }

    private static Reply ask(TestRegistry registry, String model) {
        return registry.post("/v1/models/" + model + "/predict", "{\"text\": \"slow\"}");
    }

    private static int version(TestRegistry registry, String model) {
        return registry.predict(model, "k", "slow").body().path("version").asInt();
    }
}
