package dev.perennial.registry.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.registry.TestRegistry;
import dev.perennial.registry.TestRegistry.Reply;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FeedbackIT {
    private final TestRegistry registry = TestRegistry.shared();
    private String model;
    private String requestId;

    @BeforeEach
    void ask() {
        model = registry.model("{steps: [100]}");
        registry.register(model, "");
        registry.awaitAnswersFrom(model, 1);
        requestId =
                registry.predict(model, "k", "slow").body().path("requestId").asString();
    }

    @Test
    void the_same_feedback_twice_counts_once() {
        assertThat(taken(post("offline"))).isEqualTo("1/0");
        assertThat(taken(post("offline"))).isEqualTo("0/1");
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void a_second_thought_is_refused_and_the_first_stands() {
        post("offline");

        assertThat(post("slow").code()).isEqualTo("feedback-contradicts");
        assertThat(registry.schema()
                        .jdbc()
                        .sql("select correct_label from registry.feedback where request_id = ?")
                        .param(requestId)
                        .query(String.class)
                        .single())
                .isEqualTo("offline");
    }

    @Test
    void a_list_is_taken_as_a_whole_or_not_at_all() {
        String good = "{\"requestId\": \"%s\", \"rating\": 0.9}".formatted(requestId);

        Reply refused = registry.post("/v1/feedback", "[" + good + ", {\"requestId\": \"nope\", \"rating\": 1}]");
        long after = rows();
        Reply accepted = registry.post("/v1/feedback", "[" + good + ", " + good + "]");

        assertThat(refused.status()).isEqualTo(404);
        assertThat(refused.body().path("detail").asString()).contains("nope");
        assertThat(after).isZero();
        assertThat(taken(accepted)).isEqualTo("1/1");
    }

    @Test
    void what_cannot_be_right_is_refused_and_changes_nothing() {
        assertThat(post("no-such-label").code()).isEqualTo("label-unknown");
        assertThat(registry.post("/v1/feedback", "{\"requestId\": \"%s\"}".formatted(requestId))
                        .code())
                .isEqualTo("invalid-feedback");
        assertThat(registry.post("/v1/feedback", "{\"requestId\": \"%s\", \"rating\": 7}".formatted(requestId))
                        .code())
                .isEqualTo("invalid-feedback");
        assertThat(registry.post("/v1/feedback", "{\"label\": \"slow\"}").code())
                .isEqualTo("invalid-feedback");
        assertThat(registry.post("/v1/feedback", "[]").code()).isEqualTo("invalid-feedback");
        assertThat(registry.post("/v1/feedback", "[null]").code()).isEqualTo("unreadable-body");
        assertThat(registry.post("/v1/feedback", "{\"verdict\": 1}").code()).isEqualTo("unreadable-body");
        assertThat(rows()).isZero();
    }

    private Reply post(String label) {
        return registry.post("/v1/feedback", "{\"requestId\": \"%s\", \"label\": \"%s\"}".formatted(requestId, label));
    }

    private static String taken(Reply reply) {
        return reply.body().path("accepted").asInt() + "/"
                + reply.body().path("duplicates").asInt();
    }

    private long rows() {
        return registry.schema()
                .jdbc()
                .sql("select count(*) from registry.feedback where model = ?")
                .param(model)
                .query(Long.class)
                .single();
    }
}
