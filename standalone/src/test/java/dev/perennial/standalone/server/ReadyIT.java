package dev.perennial.standalone.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.perennial.standalone.TinyAdapter;
import dev.perennial.standalone.client.PerennialClient;
import dev.perennial.standalone.client.RefusedException;
import dev.perennial.standalone.client.Service;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

class ReadyIT {
    @TempDir
    Path directory;

    @Test
    void once_it_has_started_every_model_answers_and_one_that_cannot_be_loaded_keeps_it_from_nothing()
            throws Exception {
        Path data = directory.resolve("data");
        try (StandaloneServer server = StandaloneServer.start(data, 0, List.of());
                PerennialClient client = new PerennialClient(server.endpoints())) {
            client.declare("tiny", TinyAdapter.spec("tiny"));
            client.importVersion("tiny", TinyAdapter.zips(1, directory).getFirst(), "test");
        }

        try (StandaloneServer server = StandaloneServer.start(data, 0, List.of());
                PerennialClient client = new PerennialClient(server.endpoints())) {
            assertThat(client.predict("tiny", "no connection", null)
                            .path("version")
                            .asInt())
                    .isEqualTo(1);
            assertThat(readiness(client)).isEqualTo("UP");
        }

        Files.move(data.resolve("artifacts"), directory.resolve("lost"));
        try (StandaloneServer server = StandaloneServer.start(data, 0, List.of());
                PerennialClient client = new PerennialClient(server.endpoints())) {
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() -> client.predict("tiny", "no connection", null))
                    .satisfies(refused -> assertThat(refused.code()).isEqualTo("being-loaded"));
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() -> readiness(client))
                    .satisfies(refused -> assertThat(refused.status()).isEqualTo(503));
            assertThat(client.get(Service.REGISTRY, "/api/models").size()).isEqualTo(1);
        } finally {
            FileSystemUtils.deleteRecursively(data.resolve("artifacts"));
        }
    }

    private static String readiness(PerennialClient client) {
        return client.get(Service.REGISTRY, "/actuator/health/readiness")
                .path("status")
                .asString();
    }
}
