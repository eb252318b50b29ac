package dev.perennial.lora.device;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A GPU as {@code nvidia-smi} lists it, whether this process can use it or not.
 *
 * @param index by the driver; CUDA_VISIBLE_DEVICES may give it another number in this process
 */
public record Gpu(int index, String name, String driver, Memory memory, String computeCapability) {
    private static final long MIB = 1L << 20;

    /** All GPUs of the machine; none where there is no {@code nvidia-smi} or it fails. */
    static List<Gpu> all() {
        try {
            Process process = new ProcessBuilder(
                            "nvidia-smi",
                            "--query-gpu=index,name,driver_version,memory.total,memory.free,compute_cap",
                            "--format=csv,noheader,nounits")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            // Its few lines fit a pipe, so it ends without being read.
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return List.of();
            }
            return parse(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    /** Lines that are no GPU are left out: a driver that is broken writes its complaint here too. */
    static List<Gpu> parse(String csv) {
        Stream<@Nullable Gpu> lines = csv.lines().map(Gpu::parseLine);
        return lines.filter(Objects::nonNull).toList();
    }

    private static @Nullable Gpu parseLine(String line) {
        String[] cells = line.split(",", -1);
        if (cells.length != 6) {
            return null;
        }
        try {
            Memory memory = new Memory(mib(cells[3]), mib(cells[4]));
            return new Gpu(
                    Integer.parseInt(cells[0].strip()), cells[1].strip(), cells[2].strip(), memory, cells[5].strip());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static long mib(String cell) {
        return Long.parseLong(cell.strip()) * MIB;
    }

    @Override
    public String toString() {
        return "%s, driver %s, %s, compute capability %s".formatted(name, driver, memory, computeCapability);
    }
}
