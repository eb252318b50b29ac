package dev.perennial.lora.fuzz;

import dev.perennial.lora.ProcessStatus;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** The fuzzer in a process of its own, which notes each mutant before it opens it: a crash says which one it was. */
final class FuzzProcess {
    private static final Duration MAX_TIME = Duration.ofSeconds(20);

    /** Engine, tokenizer and a heap of 256 MB come to some 400 MB. */
    private static final long MAX_RESIDENT_KB = 768 << 10;

    private static volatile long started = System.nanoTime();
    private static volatile String current = "none";

    private FuzzProcess() {}

    /** Arguments: first seed, mutants of each subject, an empty directory, the file to note mutants in. */
    public static void main(String[] args) throws IOException {
        long from = Long.parseLong(args[0]);
        long count = Long.parseLong(args[1]);
        try (Fuzzer fuzzer = new Fuzzer(Path.of(args[2]));
                RandomAccessFile notes = new RandomAccessFile(args[3], "rw")) {
            Thread.ofPlatform().daemon().start(FuzzProcess::endHangs);
            long loaded = 0;
            for (long seed = from; seed < from + count; seed++) {
                for (Subject subject : Subject.values()) {
                    current = "%-24s %-20d".formatted(subject, seed);
                    started = System.nanoTime();
                    notes.seek(0);
                    notes.write(current.getBytes(StandardCharsets.UTF_8));
                    loaded += fuzzer.run(subject, seed) ? 1 : 0;
                }
                requireLittleMemory();
            }
            System.out.println(count * Subject.values().length + " mutants, " + loaded + " of them loaded, at most "
                    + ProcessStatus.peakKb() + " kB");
        }
    }

    private static void endHangs() {
        while (System.nanoTime() - started < MAX_TIME.toNanos()) {
            try {
                Thread.sleep(Duration.ofMillis(200));
            } catch (InterruptedException e) {
                return;
            }
        }
        System.out.println(current + " takes longer than " + MAX_TIME);
        System.out.flush();
        Runtime.getRuntime().halt(3);
    }

    private static void requireLittleMemory() throws IOException {
        if (ProcessStatus.peakKb() > MAX_RESIDENT_KB) {
            throw new IllegalStateException(current + " brought the process to " + ProcessStatus.peakKb() + " kB");
        }
    }
}
