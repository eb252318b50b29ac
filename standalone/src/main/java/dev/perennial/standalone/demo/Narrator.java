package dev.perennial.standalone.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Tells the story while it happens: a line a scene, a progress bar where something takes long. */
final class Narrator {
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final PrintStream out;
    private final long started = System.nanoTime();

    Narrator(PrintStream out) {
        this.out = out;
    }

    /** A thing on its way. */
    record Progress(long done, long of, String note, boolean ended) {}

    void say(String line) {
        out.printf(Locale.ROOT, "[%5.1f s] %s%n", seconds(), line);
        out.flush();
    }

    double seconds() {
        return (System.nanoTime() - started) / 1e9;
    }

    /**
     * Looks again and again until the thing has ended.
     *
     * @throws IllegalStateException when it has not ended within the limit
     */
    void watch(String task, Duration limit, Supplier<Progress> look) {
        long deadline = System.nanoTime() + limit.toNanos();
        try (ProgressBar bar = bar(task)) {
            while (true) {
                Progress progress = look.get();
                bar.maxHint(Math.max(progress.of(), -1));
                bar.stepTo(progress.done());
                bar.setExtraMessage(" " + progress.note());
                if (progress.ended()) {
                    return;
                }
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException(task + " did not end within " + limit.toSeconds() + " s");
                }
                pause();
            }
        }
    }

    private ProgressBar bar(String task) {
        return new ProgressBarBuilder()
                .setTaskName("          " + task)
                .setInitialMax(-1)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(500)
                .setConsumer(new ConsoleProgressBarConsumer(out, 110))
                .hideEta()
                .build();
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
