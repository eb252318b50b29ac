package dev.perennial.registry.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.registry.TestRegistry;
import dev.perennial.registry.TestRegistry.Reply;
import dev.perennial.registry.serving.KeywordBackend;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GatewayIT {
    private final TestRegistry registry = TestRegistry.shared();

    @Test
    void an_answer_carries_request_id_version_and_every_label() {
        String model = registry.model("{steps: [100]}");
        registry.register(model, "");
        registry.awaitAnswersFrom(model, 1);

        Reply reply = registry.predict(model, "k", "my line is offline");

        assertThat(reply.body().path("label").asString()).isEqualTo("offline");
        assertThat(reply.body().path("confidence").asDouble()).isGreaterThan(0.8);
        assertThat(reply.body().path("labels").size()).isEqualTo(TestRegistry.LABELS.size());
        assertThat(reply.response().headers().firstValue("X-Request-Id"))
                .hasValue(reply.body().path("requestId").asString());
        assertThat(reply.response().headers().firstValue("Server-Timing").orElse(""))
                .startsWith("model;dur=");
    }

    @Test
    void several_texts_get_an_answer_and_a_request_id_each() {
        String model = registry.model("{steps: [100]}");
        registry.register(model, "");
        registry.awaitAnswersFrom(model, 1);

        Reply reply = registry.post("/v1/models/" + model + "/predict", "{\"texts\": [\"slow\", \"offline\"]}");

        assertThat(reply.body().at("/predictions/0/label").asString()).isEqualTo("slow");
        assertThat(reply.body().at("/predictions/1/label").asString()).isEqualTo("offline");
        assertThat(reply.body().at("/predictions/0/requestId").asString())
                .isNotEqualTo(reply.body().at("/predictions/1/requestId").asString());
    }

    @Test
    void a_question_that_makes_no_sense_is_refused_with_what_to_change() {
        String model = registry.model("{steps: [100]}");
        registry.register(model, "");
        registry.awaitAnswersFrom(model, 1);
        String path = "/v1/models/" + model + "/predict";

        assertThat(registry.post(path, "{}").code()).isEqualTo("invalid-question");
        assertThat(registry.post(path, "{\"text\": \"a\", \"texts\": [\"b\"]}").code())
                .isEqualTo("invalid-question");
        assertThat(registry.post(path, "{\"texts\": []}").code()).isEqualTo("invalid-question");
        assertThat(registry.post(path, "{\"text\": \"  \"}").code()).isEqualTo("invalid-text");
        assertThat(registry.post(path, "{\"texts\": [null]}").code()).isEqualTo("invalid-text");
        assertThat(registry.post(path, "{\"text\": \"a").code()).isEqualTo("unreadable-body");
        assertThat(registry.post("/v1/models/nobody/predict", "{\"text\": \"a\"}")
                        .code())
                .isEqualTo("model-unknown");
    }

    @Test
    void a_model_without_a_live_version_says_so() {
        String model = registry.model("{steps: [100]}");
        TestRegistry.await(() -> registry.post("/v1/models/" + model + "/predict", "{\"text\": \"a\"}")
                .code()
                .equals("nothing-live"));
    }

    @Test
    void every_answer_can_be_traced_to_the_data_its_version_was_trained_on() {
        String model = registry.model("{steps: [100]}");
        registry.register(model, "");
        registry.awaitAnswersFrom(model, 1);
        String requestId =
                registry.predict(model, "k", "slow").body().path("requestId").asString();

        Reply reply = registry.get("/v1/requests/" + requestId);

        assertThat(reply.body().at("/answeredBy/version").asInt()).isEqualTo(1);
        assertThat(reply.body().at("/answeredBy/dataset/samples").asInt()).isEqualTo(42);
        assertThat(reply.body().at("/answeredBy/reportId").asString()).startsWith("report-");
        assertThat(registry.get("/v1/requests/0123").code()).isEqualTo("request-unknown");
        TestRegistry.await(() -> registry.schema()
                        .jdbc()
                        .sql("select count(*) from registry.prediction where request_id = ?")
                        .param(requestId)
                        .query(Long.class)
                        .single()
                == 1);
    }

    @Test
    void swapping_versions_under_fifty_requests_a_second_loses_none_and_leaves_no_adapter_behind() throws Exception {
        String model = registry.model("{steps: [50, 100], minRequests: 1, window: 60s}");
        registry.register(model, "");
        registry.awaitAnswersFrom(model, 1);
        AtomicInteger asked = new AtomicInteger();
        Queue<Object> failed = new ConcurrentLinkedQueue<>();
        try (var traffic = Executors.newScheduledThreadPool(8)) {
            var asking = traffic.scheduleAtFixedRate(
                    () -> ask(model, asked.incrementAndGet(), failed), 0, 20, TimeUnit.MILLISECONDS);
            for (int version = 2; version <= 5; version++) {
                registry.register(model, "");
                registry.awaitAnswersFrom(model, version);
                registry.post("/api/models/" + model + "/rollout/promote", "{}");
                int enough = version * 10;
                TestRegistry.await(() -> asked.get() >= enough);
            }
            registry.post("/api/models/" + model + "/rollback", "{}");
            registry.post("/api/models/" + model + "/rollback", "{\"toVersion\": 2}");
            registry.awaitAnswersFrom(model, 2);
            asking.cancel(false);
        }

        assertThat(failed).isEmpty();
        TestRegistry.await(() -> registry.schema()
                        .jdbc()
                        .sql("select count(*) from registry.prediction where model = ? and label = 'slow'")
                        .param(model)
                        .query(Long.class)
                        .single()
                >= asked.get());
    }

    @Test
    void versions_that_neither_answer_nor_stand_by_are_unloaded() {
        KeywordBackend backend = (KeywordBackend) registry.bean(dev.perennial.registry.serving.ServingBackend.class);
        String model = registry.model("{steps: [100]}");
        int before = backend.open();
        for (int version = 1; version <= 5; version++) {
            registry.register(model, "");
            registry.awaitAnswersFrom(model, version);
        }

        // The live one and its standby.
        TestRegistry.await(() -> backend.open() == before + 2);
    }

    private void ask(String model, int number, Queue<Object> failed) {
        try {
            Reply reply = registry.post("/v1/models/" + model + "/predict", "{\"text\": \"slow\"}");
            if (reply.status() != 200) {
                failed.add(reply.body());
            }
        } catch (RuntimeException e) {
            failed.add(number + ": " + e);
        }
    }
}
