package dev.perennial.standalone.cli;

import dev.perennial.standalone.server.StandaloneServer;
import dev.perennial.standalone.server.StandaloneServer.Infrastructure;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Starts the standalone server and keeps it until it is interrupted. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Start the server with everything it needs, on loopback, until Ctrl-C.")
final class UpCommand implements Callable<Integer> {
    @Spec
    CommandSpec command = CommandSpec.create();

    @Option(
            names = "--data",
            description = "data directory (default: ${DEFAULT-VALUE})",
            defaultValue = "${env:PERENNIAL_HOME:-.perennial}/data")
    Path data = Path.of(".perennial", "data");

    @Option(names = "--port", description = "HTTP port (default: ${DEFAULT-VALUE})", defaultValue = "8080")
    int port;

    @Option(names = "--set", description = "a further setting, such as perennial.jobs.heartbeat=5s")
    List<String> settings = List.of();

    @ArgGroup(exclusive = false)
    @Nullable
    Elsewhere elsewhere;

    static final class Elsewhere {
        @Option(
                names = "--database",
                required = true,
                description = "JDBC URL of a PostgreSQL to use instead of the embedded one")
        String database = "";

        @Option(
                names = "--database-user",
                description = "its user (default: ${DEFAULT-VALUE})",
                defaultValue = "postgres")
        String user = "";

        @Option(
                names = "--kafka",
                required = true,
                description = "bootstrap servers of a Kafka to use instead of the embedded one")
        String kafka = "";
    }

    /** For the launcher, which makes the AOT cache from such a run. */
    @Option(names = "--exit-when-ready", hidden = true)
    boolean exitWhenReady;

    @Override
    public Integer call() throws InterruptedException {
        try (StandaloneServer server = start()) {
            double seconds = ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0;
            PrintWriter out = command.commandLine().getOut();
            out.printf(
                    Locale.ROOT,
                    "Perennial is ready at %s after %.1f s; data in %s; stop with Ctrl-C.%n",
                    server.address(),
                    seconds,
                    data);
            out.flush();
            if (!exitWhenReady) {
                untilInterrupted();
            }
        }
        return 0;
    }

    private StandaloneServer start() {
        List<String> arguments =
                settings.stream().map(setting -> "--" + setting).toList();
        Elsewhere given = elsewhere;
        return given == null
                ? StandaloneServer.start(data, port, arguments)
                : StandaloneServer.start(
                        data, port, new Infrastructure(given.database, given.user, given.kafka), arguments);
    }

    /** The hook holds the JVM until the server is closed. */
    private static void untilInterrupted() throws InterruptedException {
        CountDownLatch stop = new CountDownLatch(1);
        Thread waiting = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stop.countDown();
            try {
                waiting.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        stop.await();
    }
}
