package dev.perennial.embedded;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Runs one server as this process: a ready line on standard output, then service until the process is told to stop. */
final class ServerProcess {
    private static final String LOGBACK_CONFIGURATION = "logback.configurationFile";

    private ServerProcess() {}

    interface Starter<S extends AutoCloseable> {
        S start(ServerArguments arguments);
    }

    interface Address<S> {
        String of(S server);
    }

    /** Exit codes: 2 for wrong arguments, 1 when the server cannot start; the reason is one line on standard error. */
    static <S extends AutoCloseable> void run(String[] args, Starter<S> starter, Address<S> address) {
        if (System.getProperty(LOGBACK_CONFIGURATION) == null) {
            System.setProperty(LOGBACK_CONFIGURATION, "dev/perennial/embedded/server-process-logback.xml");
        }
        try {
            ServerArguments arguments = ServerArguments.parse(args);
            S server = starter.start(arguments);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> close(server), "stop-server"));
            System.out.println("ready " + address.of(server));
            awaitEnd(arguments.owner());
            System.exit(0);
        } catch (IllegalArgumentException e) {
            fail(2, e);
        } catch (EmbeddedServerException e) {
            fail(1, e);
        }
    }

    /** Without an owner only a signal ends the process. */
    private static void awaitEnd(Optional<Long> owner) {
        CompletableFuture<?> end = owner.<CompletableFuture<?>>map(pid -> ProcessHandle.of(pid)
                        .orElseThrow(() -> new EmbeddedServerException("Owner process " + pid + " does not run."))
                        .onExit())
                .orElseGet(CompletableFuture::new);
        end.join();
    }

    private static void close(AutoCloseable server) {
        try {
            server.close();
        } catch (Exception e) {
            System.err.println("The server did not stop cleanly: " + e.getMessage());
        }
    }

    private static void fail(int status, RuntimeException reason) {
        System.err.println(reason.getMessage());
        System.exit(status);
    }
}
