package dev.perennial.standalone.kill;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A JVM of the product that can be killed with SIGKILL and started again with the same arguments. */
final class Victim {
    private final String name;
    private final List<String> command;
    private final Path log;
    private final String readyLine;
    private Process process;

    Victim(String name, Class<?> main, Path logs, String readyLine, List<String> arguments) {
        this.name = name;
        this.log = logs.resolve(name + ".log");
        this.readyLine = readyLine;
        this.command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(arguments);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Starts it and returns when it says that it is ready. */
    void start() throws IOException, InterruptedException {
        begin();
        awaitReady();
    }

    void begin() throws IOException {
        Files.deleteIfExists(log);
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    void awaitReady() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();
        while (Files.readAllLines(log).stream().noneMatch(line -> line.contains(readyLine))) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IllegalStateException(name + " did not get ready: " + Files.readString(log));
            }
            Thread.sleep(Duration.ofMillis(100));
        }
    }

    /** SIGKILL: no hook runs, nothing is flushed. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    void stop() throws InterruptedException {
        if (process != null) {
            process.destroy();
            process.waitFor();
        }
    }
}
