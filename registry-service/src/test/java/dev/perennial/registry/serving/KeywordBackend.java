package dev.perennial.registry.serving;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * A backend for tests. Its adapter is a directory with {@code adapter_config.json} holding one label a line; a text that
 * contains a label gets that label, any other the first. A second line {@code !broken} throws at every answer and
 * {@code !wrong} answers with the next label; {@code !refused} cannot be loaded.
 */
public final class KeywordBackend implements ServingBackend {
    private final AtomicInteger open = new AtomicInteger();

    /** Adapters that are loaded and not closed. */
    public int open() {
        return open.get();
    }

    @Override
    public Served load(String baseModel, Path adapter) {
        try {
            List<String> lines = Files.readAllLines(adapter.resolve("adapter_config.json"));
            if (lines.size() < 2 || lines.contains("!refused")) {
                throw new AdapterRefusedException("it has fewer than two labels", new IllegalArgumentException());
            }
            List<String> labels =
                    lines.stream().filter(line -> !line.startsWith("!")).toList();
            if (lines.contains("!broken")) {
                return serve(labels, label -> {
                    throw new IllegalStateException("broken");
                });
            }
            return lines.contains("!wrong")
                    ? serve(labels, label -> labels.get((labels.indexOf(label) + 1) % labels.size()))
                    : serve(labels);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As if loaded. */
    public Served serve(List<String> labels) {
        return serve(labels, UnaryOperator.identity());
    }

    private Served serve(List<String> labels, UnaryOperator<String> twist) {
        open.incrementAndGet();
        return new Keywords(labels, twist);
    }

    @Override
    public void close() {}

    private final class Keywords implements Served {
        private final List<String> labels;
        private final UnaryOperator<String> twist;
        private volatile boolean closed;

        Keywords(List<String> labels, UnaryOperator<String> twist) {
            this.labels = List.copyOf(labels);
            this.twist = twist;
        }

        @Override
        public List<String> labels() {
            return labels;
        }

        @Override
        public List<Answer> answer(List<String> texts) {
            List<Answer> answers = texts.stream().map(this::answer).toList();
            if (closed) {
                throw new IllegalStateException("closed while a request was under way");
            }
            return answers;
        }

        private Answer answer(String text) {
            String label = twist.apply(
                    labels.stream().filter(text::contains).findFirst().orElse(labels.getFirst()));
            float[] probabilities = new float[labels.size()];
            Arrays.fill(probabilities, 0.1f / (labels.size() - 1));
            probabilities[labels.indexOf(label)] = 0.9f;
            return Answer.of(labels, probabilities);
        }

        @Override
        public void close() {
            if (closed) {
                throw new IllegalStateException("closed twice");
            }
            closed = true;
            open.decrementAndGet();
        }
    }
}
