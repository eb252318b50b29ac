package dev.perennial.lora;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Linux says of this process. */
public final class ProcessStatus {
    private ProcessStatus() {}

    /** Memory that it has in RAM now. */
    public static long residentKb() throws IOException {
        return kilobytes("VmRSS:");
    }

    /** Most that it ever had, or had since {@code clear_refs} was written. */
    public static long peakKb() throws IOException {
        return kilobytes("VmHWM:");
    }

    private static long kilobytes(String key) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith(key))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
