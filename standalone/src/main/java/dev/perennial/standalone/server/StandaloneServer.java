package dev.perennial.standalone.server;

import dev.perennial.embedded.EmbeddedInfrastructure;
import dev.perennial.embedded.Ports;
import dev.perennial.registry.gateway.RouteWatch;
import dev.perennial.standalone.client.Endpoints;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;

/** The six services in this JVM, over an embedded PostgreSQL and Kafka or over given ones. */
public final class StandaloneServer implements Platform {

    /** A database and a broker. */
    public record Infrastructure(String jdbcUrl, String user, String bootstrapServers) {}

    private static final Logger log = LoggerFactory.getLogger(StandaloneServer.class);
    private static final Duration ROUTE_PATIENCE = Duration.ofSeconds(10);

    private final ConfigurableApplicationContext context;
    private final Infrastructure infrastructure;
    private final @Nullable EmbeddedInfrastructure embedded;
    private final Path artifacts;

    private StandaloneServer(
            Path data,
            int port,
            Infrastructure infrastructure,
            @Nullable EmbeddedInfrastructure embedded,
            List<String> settings) {
        this.infrastructure = infrastructure;
        this.embedded = embedded;
        this.artifacts = data.resolve("artifacts");
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=" + port,
                "--spring.datasource.url=" + infrastructure.jdbcUrl(),
                "--spring.datasource.username=" + infrastructure.user(),
                "--spring.kafka.bootstrap-servers=" + infrastructure.bootstrapServers(),
                "--perennial.shared.artifacts=" + artifacts));
        if (embedded != null) {
            // Broker and clients in one process warn about each other while they start and stop.
            arguments.addAll(List.of("--logging.level.kafka=error", "--logging.level.org.apache.kafka=error"));
        }
        arguments.addAll(settings);
        SpringApplication application = new SpringApplication(StandaloneConfiguration.class);
        application.setWebApplicationType(WebApplicationType.SERVLET);
        application.setRegisterShutdownHook(false);
        application.setLogStartupInfo(false);
        this.context = application.run(arguments.toArray(String[]::new));
        awaitRoutes(context.getBean(RouteWatch.class));
    }

    /** A version that cannot be loaded must not keep the others from being served. */
    private static void awaitRoutes(RouteWatch routes) {
        try {
            if (!routes.awaitCaughtUp(ROUTE_PATIENCE)) {
                log.warn(
                        "A live version is not loaded after {} s; its model is refused until it is.",
                        ROUTE_PATIENCE.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Starts everything and returns when requests are answered: by every live version, unless one cannot be loaded.
     *
     * @param data directory that is created on first use
     * @param port HTTP port on loopback; 0 takes a free one
     * @param settings further {@code --key=value} settings, which win
     */
    public static StandaloneServer start(Path data, int port, List<String> settings) {
        LoggingSystem.get(StandaloneServer.class.getClassLoader()).beforeInitialize();
        EmbeddedInfrastructure embedded = EmbeddedInfrastructure.start(data, Ports.free());
        try {
            Infrastructure infrastructure =
                    new Infrastructure(embedded.jdbcUrl(), embedded.user(), embedded.bootstrapServers());
            return new StandaloneServer(data, port, infrastructure, embedded, settings);
        } catch (RuntimeException e) {
            embedded.close();
            throw e;
        }
    }

    /** The same over a database and a broker that run elsewhere; {@code data} holds the artifacts alone. */
    public static StandaloneServer start(Path data, int port, Infrastructure infrastructure, List<String> settings) {
        return new StandaloneServer(data, port, infrastructure, null, settings);
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
        return URI.create("http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port"));
    }

    public Infrastructure infrastructure() {
        return infrastructure;
    }

    /** For benchmarks that drive one part of the running product. */
    public <T> T part(Class<T> type) {
        return context.getBean(type);
    }

    /** The services first: they need the broker and the database to leave in order. */
    @Override
    public void close() {
        try {
            context.close();
        } finally {
            if (embedded != null) {
                embedded.close();
            }
        }
    }
}
