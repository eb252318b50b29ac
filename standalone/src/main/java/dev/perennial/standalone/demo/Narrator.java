package dev.perennial.standalone.demo;

import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Tells the story while it happens: a line a scene, and where something takes long a progress bar, or in a file a line now
 * and then.
 */
final class Narrator {
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final double SECONDS_BETWEEN_LINES = 15;

    private final PrintStream out;
    private final boolean terminal;
    private final long started = System.nanoTime();

    Narrator(PrintStream out) {
        this.out = out;
        this.terminal = Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .isPresent();
    }

    /**
     * A thing on its way.
     *
     * @param of how much there is to do, or a negative number while that is not known
     */
    record Progress(long done, long of, String note, boolean ended) {
        private boolean isWhere(Progress other) {
            return done == other.done && of == other.of;
        }
    }

    private interface Display extends AutoCloseable {
        void show(Progress progress);

        @Override
        void close();
    }

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
     * @param limit without any progress; ten times as long in all
     * @throws DemoException when it has not ended by then
     */
    void watch(String task, Duration limit, Supplier<Progress> look) {
        long began = System.nanoTime();
        long moved = began;
        Progress last = new Progress(-1, -1, "", false);
        try (Display display = terminal ? new Bar(task) : new Lines(task)) {
            while (true) {
                Progress progress = look.get();
                display.show(progress);
                if (progress.ended()) {
                    return;
                }
                long now = System.nanoTime();
                moved = progress.isWhere(last) ? moved : now;
                last = progress;
                if (now - moved > limit.toNanos() || now - began > 10 * limit.toNanos()) {
                    throw new DemoException("%s did not end: after %d s it is at %d of %d %s"
                            .formatted(task, (now - began) / 1_000_000_000, last.done(), last.of(), last.note()));
                }
                pause();
            }
        }
    }

    private final class Bar implements Display {
        private final ProgressBar bar;

        Bar(String task) {
            this.bar = new ProgressBarBuilder()
                    .setTaskName("          " + task)
                    .setInitialMax(-1)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(500)
                    .setConsumer(new ConsoleProgressBarConsumer(out, 110))
                    .hideEta()
                    .build();
        }

        @Override
        public void show(Progress progress) {
            bar.maxHint(Math.max(progress.of(), -1));
            bar.stepTo(progress.done());
            bar.setExtraMessage(" " + progress.note());
        }

        @Override
        public void close() {
            bar.close();
        }
    }

    private final class Lines implements Display {
        private final String task;
        private double last = seconds();

        Lines(String task) {
            this.task = task;
        }

        @Override
        public void show(Progress progress) {
            if (seconds() - last < SECONDS_BETWEEN_LINES) {
                return;
            }
            last = seconds();
            String counted = progress.of() > 1 ? ": " + progress.done() + " of " + progress.of() : "";
            say("  " + task + counted + (progress.note().isEmpty() ? "" : ", " + progress.note()));
        }

        @Override
        public void close() {
            // Every line was written when it came.
        }
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
