package dev.perennial.registry.version;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.common.event.EvaluationEvent.EvaluationCompleted;
import dev.perennial.registry.TestRegistry;
import dev.perennial.registry.TestRegistry.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

class VersionIT {
    private final TestRegistry registry = TestRegistry.shared();

    @Test
    void a_version_keeps_its_whole_lineage() {
        String model = registry.model("{}");
        registry.register(model, "");

        var version = registry.get("/api/models/" + model + "/versions/1").body();

        assertThat(version.path("stage").asString()).isEqualTo("LIVE");
        assertThat(version.at("/dataset/artifact/sha256").asString()).isEqualTo("cd".repeat(32));
        assertThat(version.path("runId").asString()).startsWith("run-");
        assertThat(version.at("/scores/0/candidate").asDouble()).isEqualTo(0.9);
        assertThat(version.at("/reasons/0").asString()).startsWith("found ");
        assertThat(registry.get("/api/models/" + model + "/versions/9").code()).isEqualTo("version-unknown");
    }

    @Test
    void a_report_that_comes_twice_makes_one_version() {
        String model = registry.model("{}");
        EvaluationCompleted report = registry.report(model, registry.adapter(""), true, true);
        registry.evaluated(report);
        registry.evaluated(report);
        registry.register(model, "");

        assertThat(versions(model)).isEqualTo(2);
    }

    @Test
    void a_candidate_that_failed_the_gate_is_kept_without_traffic_and_an_untrusted_one_is_only_remembered() {
        String model = registry.model("{}");
        registry.evaluated(registry.report(model, registry.adapter(""), true, false));
        registry.evaluated(registry.report(model, registry.adapter(""), false, true));
        TestRegistry.await(() -> versions(model) == 1);

        assertThat(registry.get("/api/models/" + model + "/versions/1")
                        .body()
                        .path("stage")
                        .asString())
                .isEqualTo("REJECTED");
        assertThat(registry.state(model).path("live").isNull()).isTrue();
        var timeline = registry.get("/api/models/" + model + "/timeline").body();
        assertThat(timeline.at("/items/0/kind").asString()).isEqualTo("REJECTED");
        assertThat(timeline.at("/items/1/kind").asString()).isEqualTo("NOT_REGISTERED");
    }

    @Test
    void an_adapter_from_elsewhere_is_verified_and_goes_into_the_canary() throws IOException {
        String model = registry.model("{}");
        registry.register(model, "");

        Reply reply = take(model, archive("billing\nslow\noffline\n!" + model));
        Reply again = take(model, archive("billing\nslow\noffline\n!" + model));

        assertThat(reply.body().path("stage").asString()).isEqualTo("CANARY");
        assertThat(reply.body().path("created").asBoolean()).isTrue();
        assertThat(again.body().path("created").asBoolean()).isFalse();
        assertThat(versions(model)).isEqualTo(2);
        assertThat(registry.get("/api/models/" + model + "/versions/2")
                        .body()
                        .path("origin")
                        .asString())
                .isEqualTo("IMPORTED");
    }

    @Test
    void a_corrupt_or_unfitting_adapter_is_refused_and_changes_nothing() throws IOException {
        String model = registry.model("{}");
        byte[] good = archive("slow\noffline\nbilling");

        assertThat(take(model, Arrays.copyOf(good, good.length / 2)).code()).isEqualTo("adapter-archive");
        assertThat(take(model, "no zip".getBytes(StandardCharsets.UTF_8)).code())
                .isEqualTo("adapter-archive");
        assertThat(take(model, archive("one")).code()).isEqualTo("adapter-unusable");
        Reply labels = take(model, archive("slow\nfast"));
        assertThat(labels.code()).isEqualTo("adapter-labels");
        assertThat(labels.body().path("detail").asString()).contains("[slow, fast]", "offline");
        assertThat(take("nobody", good).code()).isEqualTo("model-unknown");
        assertThat(take(model, new byte[9 << 20]).code()).isEqualTo("body-too-large");

        assertThat(versions(model)).isZero();
        assertThat(registry.get("/api/models/" + model + "/timeline")
                        .body()
                        .path("total")
                        .asInt())
                .isEqualTo(1);
    }

    private Reply take(String model, byte[] archive) {
        return registry.post("/api/models/" + model + "/versions?reason=test", "application/zip", archive);
    }

    private long versions(String model) {
        return registry.get("/api/models/" + model + "/versions")
                .body()
                .path("total")
                .asLong();
    }

    private static byte[] archive(String config) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (String name : List.of("adapter_config.json", "adapter_model.safetensors")) {
                out.putNextEntry(new ZipEntry(name));
                out.write(config.getBytes(StandardCharsets.UTF_8));
                out.closeEntry();
            }
        }
        return bytes.toByteArray();
    }
}
