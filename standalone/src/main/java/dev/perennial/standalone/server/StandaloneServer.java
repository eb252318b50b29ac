package dev.perennial.standalone.server;

import dev.perennial.embedded.EmbeddedInfrastructure;
import dev.perennial.embedded.Ports;
import dev.perennial.standalone.client.Endpoints;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** The six services in this JVM, over an embedded PostgreSQL and Kafka that keep their data in a directory. */
public final class StandaloneServer implements Platform {
    private final EmbeddedInfrastructure infrastructure;
    private final ConfigurableApplicationContext context;

    private final Path artifacts;

    private StandaloneServer(
            EmbeddedInfrastructure infrastructure, ConfigurableApplicationContext context, Path artifacts) {
        this.artifacts = artifacts;
        this.infrastructure = infrastructure;
        this.context = context;
    }

    /**
     * Starts everything and returns when requests are answered.
     *
     * @param data directory that is created on first use
     * @param port HTTP port on loopback; 0 takes a free one
     * @param settings further {@code --key=value} settings, which win
     */
    public static StandaloneServer start(Path data, int port, List<String> settings) {
        LoggingSystem.get(StandaloneServer.class.getClassLoader()).beforeInitialize();
        EmbeddedInfrastructure infrastructure = EmbeddedInfrastructure.start(data, Ports.free());
        try {
            List<String> arguments = new ArrayList<>(List.of(
                    "--server.port=" + port,
                    "--spring.datasource.url=" + infrastructure.jdbcUrl(),
                    "--spring.datasource.username=" + infrastructure.user(),
                    "--spring.kafka.bootstrap-servers=" + infrastructure.bootstrapServers(),
                    "--perennial.shared.artifacts=" + data.resolve("artifacts")));
            arguments.addAll(settings);
            SpringApplication application = new SpringApplication(StandaloneConfiguration.class);
            application.setWebApplicationType(WebApplicationType.SERVLET);
            application.setRegisterShutdownHook(false);
            application.setLogStartupInfo(false);
            return new StandaloneServer(
                    infrastructure, application.run(arguments.toArray(String[]::new)), data.resolve("artifacts"));
        } catch (RuntimeException e) {
            infrastructure.close();
            throw e;
        }
    }

    @Override
    public Endpoints endpoints() {
        return Endpoints.single(address());
    }

    @Override
    public Path artifacts() {
        return artifacts;
    }

    public URI address() {
        ServletWebServerApplicationContext web = (ServletWebServerApplicationContext) context;
        return URI.create("http://127.0.0.1:" + web.getWebServer().getPort());
    }

    /** For benchmarks that drive one part of the running product. */
    public <T> T part(Class<T> type) {
        return context.getBean(type);
    }

    public String jdbcUrl() {
        return infrastructure.jdbcUrl();
    }

    public String user() {
        return infrastructure.user();
    }

    /** The services first: they need the broker and the database to leave in order. */
    @Override
    public void close() {
        try {
            context.close();
        } finally {
            infrastructure.close();
        }
    }
}
