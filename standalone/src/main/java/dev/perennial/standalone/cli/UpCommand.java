package dev.perennial.standalone.cli;

import dev.perennial.standalone.server.StandaloneServer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts the standalone server and keeps it until it is interrupted. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Start the server with everything it needs, on loopback, until Ctrl-C.")
final class UpCommand implements Callable<Integer> {
    @Mixin
    Console console = new Console();

    @Option(names = "--data", description = "data directory (default: ${DEFAULT-VALUE})", defaultValue = "${env:PERENNIAL_HOME:-.perennial}/data")
    Path data = Path.of(".perennial", "data");

    @Option(names = "--port", description = "HTTP port (default: ${DEFAULT-VALUE})", defaultValue = "8080")
    int port;

    @Option(names = "--set", description = "a further setting, such as perennial.jobs.heartbeat=5s")
    List<String> settings = List.of();

    /** For the launcher, which makes the AOT cache from such a run. */
    @Option(names = "--exit-when-ready", hidden = true)
    boolean exitWhenReady;

    @Override
    public Integer call() throws InterruptedException {
        StandaloneServer server = StandaloneServer.start(
                data, port, settings.stream().map(setting -> "--" + setting).toList());
        try (server) {
            console.line("Perennial is ready at " + server.address() + " after " + console.sinceJvmStart()
                    + "; data in " + data + "; stop with Ctrl-C.");
            if (!exitWhenReady) {
                untilInterrupted();
            }
        }
        return 0;
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
