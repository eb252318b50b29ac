package dev.perennial.registry.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.registry.TestRegistry;
import dev.perennial.registry.TestRegistry.Reply;
import org.junit.jupiter.api.Test;

class ModelIT {
    private final TestRegistry registry = TestRegistry.shared();

    @Test
    void the_same_spec_again_changes_nothing_and_another_makes_a_new_version() {
        Reply first = put("declared", TestRegistry.spec("declared", "{minRequests: 5}"));
        Reply again = put("declared", TestRegistry.spec("declared", "{minRequests: 5, window: 300s}"));
        Reply changed = put("declared", TestRegistry.spec("declared", "{minRequests: 6}"));

        assertThat(first.body().path("changed").asBoolean()).isTrue();
        assertThat(again.body().path("changed").asBoolean()).isFalse();
        assertThat(changed.body().path("specVersion").asInt()).isEqualTo(2);
        assertThat(registry.state("declared").at("/spec/rollout/minRequests").asInt())
                .isEqualTo(6);
        assertThat(registry.state("declared").path("live").isNull()).isTrue();
    }

    @Test
    void an_unknown_key_is_named_with_its_path_and_nothing_is_declared() {
        Reply reply = put("unknown-key", TestRegistry.spec("unknown-key", "{minimum: 5}"));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body().at("/violations/0/path").asString()).isEqualTo("rollout.minimum");
        assertThat(registry.get("/api/models/unknown-key").status()).isEqualTo(404);
    }

    @Test
    void a_name_that_differs_from_the_path_is_refused() {
        assertThat(put("one", TestRegistry.spec("other", "{}")).code()).isEqualTo("name-mismatch");
    }

    @Test
    void labels_can_be_added_but_not_removed() {
        put("labels", TestRegistry.spec("labels", "{}"));

        Reply added = put("labels", TestRegistry.spec("labels", "{}").replace("billing", "billing, roaming"));
        Reply removed = put("labels", TestRegistry.spec("labels", "{}").replace(", billing", ""));

        assertThat(added.status()).isEqualTo(200);
        assertThat(removed.code()).isEqualTo("labels-removed");
        assertThat(removed.body().path("detail").asString()).contains("billing, roaming");
        assertThat(registry.state("labels").path("specVersion").asInt()).isEqualTo(2);
    }

    private Reply put(String name, String spec) {
        return registry.put("/api/models/" + name, "application/yaml", spec);
    }
}
