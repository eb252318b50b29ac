package dev.perennial.benchmarks.lora;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Of this process, as Linux counts it: Java's heap, the engine's memory and the code. */
final class PeakMemory {
    private static final String FIELD = "VmHWM:";

    private PeakMemory() {}

    static double mebibytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                        .filter(line -> line.startsWith(FIELD))
                        .mapToLong(line -> Long.parseLong(
                                line.substring(FIELD.length()).replace("kB", "").strip()))
                        .findFirst()
                        .orElseThrow(() -> new IOException("/proc/self/status has no " + FIELD))
                / 1024.0;
    }
}
