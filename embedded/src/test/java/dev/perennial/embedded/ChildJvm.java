package dev.perennial.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A server in a JVM of its own, for tests that kill it. */
final class ChildJvm implements AutoCloseable {
    private final Process process;
    private final String address;

    private ChildJvm(Process process, String address) {
        this.process = process;
        this.address = address;
    }

    /**
     * Starts the process and waits for its ready line.
     *
     * @throws IOException with what the process printed when it ended before
     */
    static ChildJvm start(Class<?> main, Path data) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName(),
                "--data",
                data.toString(),
                "--owner",
                Long.toString(ProcessHandle.current().pid())));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        BufferedReader output = process.inputReader();
        StringBuilder before = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith("ready ")) {
                return new ChildJvm(process, line.substring("ready ".length()));
            }
            before.append(line).append('\n');
        }
        process.destroyForcibly();
        throw new IOException(before.toString().strip());
    }

    String address() {
        return address;
    }

    /** SIGKILL: no shutdown hook runs. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
