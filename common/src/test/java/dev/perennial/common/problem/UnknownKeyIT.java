package dev.perennial.common.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** The settings and the advice that every service has, on a server with one command. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnknownKeyIT {
    private final HttpClient http = HttpClient.newHttpClient();
    private final ConfigurableApplicationContext context =
            new SpringApplicationBuilder(Server.class).run("--server.port=0");

    record Command(@Nullable Integer toVersion, @Nullable String reason) {}

    @RestController
    static class Door {
        @PostMapping("/command")
        String take(@RequestBody Command command) {
            return "took " + command.reason();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
    @Import({Door.class, ProblemAdvice.class})
    static class Server {}

    @AfterAll
    void stop() {
        context.close();
        http.close();
    }

    @Test
    void a_misspelt_key_is_refused_with_its_name_and_the_known_ones() throws Exception {
        HttpResponse<String> refused = post("{\"toVersoin\": 3}");

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body())
                .contains("unreadable-body", "'toVersoin' is not a known key; known keys here: reason, toVersion.");
    }

    @Test
    void a_body_with_known_keys_only_is_taken() throws Exception {
        assertThat(post("{\"reason\": \"complaints\"}").body()).isEqualTo("took complaints");
        assertThat(post("{}").statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> post(String body) throws Exception {
        int port = Objects.requireNonNull(((WebServerApplicationContext) context).getWebServer())
                .getPort();
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/command"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
