package dev.perennial.benchmarks.lora;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;

/**
 * A program that runs a job in a process of its own.
 *
 * @param command to which the job's file and the result's are appended
 * @param environment on top of this process's
 */
record Side(List<String> command, Map<String, String> environment) {
    private static final String SPIN = "GOMP_SPINCOUNT";
    private static final String SCRIPT = "peft_run.py";

    /** This library in a JVM like this one, as {@code ./perennial} would start it. */
    static Side java(int threads) {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                // The engine's arrays are outside the heap: what Java needs is small, and it should stay so.
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xms24m",
                "-Xmn8m",
                "-Xmx64m",
                "-Dai.djl.pytorch.num_threads=" + threads,
                "-cp",
                System.getProperty("java.class.path"),
                JavaRun.class.getName());
        return new Side(command, threads(threads));
    }

    /** The script beside this class; it is copied into {@code directory}. */
    static Side python(Path interpreter, Path directory, int threads) throws IOException {
        Path script = directory.resolve(SCRIPT);
        try (InputStream source = Side.class.getResourceAsStream(SCRIPT)) {
            Files.copy(Objects.requireNonNull(source, SCRIPT), script);
        }
        return new Side(List.of(interpreter.toString(), script.toString()), threads(threads));
    }

    /** Both sides are told the same; how long threads spin for each other is left to either PyTorch, as users get it. */
    private static Map<String, String> threads(int threads) {
        return Map.of("OMP_NUM_THREADS", Integer.toString(threads));
    }

    Measurement run(Job job, Path directory) throws IOException, InterruptedException {
        JsonMapper json = JsonMapper.shared();
        Path order = directory.resolve("job.json");
        Path result = directory.resolve("result.json");
        Files.deleteIfExists(result);
        Files.writeString(order, json.writeValueAsString(job));
        start(directory, order.toString(), result.toString());
        return json.readValue(Files.readAllBytes(result), Measurement.class);
    }

    /** What the program prints; fails with the end of it if the program does. */
    String start(Path directory, String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(command);
        line.addAll(List.of(arguments));
        File log = directory.resolve("run.log").toFile();
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log);
        builder.environment().remove(SPIN); // which ./perennial sets for its services
        builder.environment().putAll(environment);
        int status = builder.start().waitFor();
        String printed = Files.readString(log.toPath()).strip();
        if (status != 0) {
            throw new IOException("%s ended with status %d: %s"
                    .formatted(command.getFirst(), status, printed.substring(Math.max(0, printed.length() - 2000))));
        }
        return printed;
    }
}
