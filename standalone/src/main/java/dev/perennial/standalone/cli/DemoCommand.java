package dev.perennial.standalone.cli;

import dev.perennial.standalone.demo.DemoReport;
import dev.perennial.standalone.demo.Story;
import dev.perennial.standalone.server.Platform;
import dev.perennial.standalone.server.ProcessPlatform;
import dev.perennial.standalone.server.StandaloneServer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Plays the whole story. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Play the whole story on this machine.",
            "A model is trained and goes live, loses accuracy to drift, is retrained and rolled out by itself; then a",
            "bad candidate is rolled back. Ends with a table of what was measured, and with status 1 if a promise of",
            "the README was not kept.",
            "With PERENNIAL_LLM_URL and PERENNIAL_LLM_KEY set, an LLM writes the samples."
        })
final class DemoCommand implements Callable<Integer> {
    @Option(names = "--processes", description = "six processes, a broker and a database instead of one process")
    boolean processes;

    @Option(names = "--json", description = "print one JSON object; the story goes to standard error")
    boolean json;

    @Option(names = "--data", description = "start from an empty directory here and keep it")
    Path data = Path.of("");

    @Override
    public Integer call() throws IOException {
        boolean keep = !data.toString().isEmpty();
        Path directory = keep ? fresh(data) : Files.createTempDirectory("perennial-demo-");
        try {
            DemoReport report = new Story(json ? System.err : System.out).play(platform(directory));
            print(report);
            return report.kept() ? 0 : 1;
        } finally {
            if (!keep) {
                delete(directory);
            }
        }
    }

    /** The story is told by its narrator; a log line between its lines is for what went wrong alone. */
    private Supplier<Platform> platform(Path directory) {
        return processes
                ? () -> ProcessPlatform.start(directory, List.of())
                : () -> StandaloneServer.start(
                        directory, 0, List.of("--logging.level.root=error", "--logging.level.dev.perennial=error"));
    }

    private void print(DemoReport report) {
        PrintStream people = json ? System.err : System.out;
        people.println();
        people.println(report.table());
        if (json) {
            System.out.println(report.json());
        }
    }

    private static Path fresh(Path data) throws IOException {
        if (Files.exists(data)) {
            try (Stream<Path> files = Files.list(data)) {
                if (files.findAny().isPresent()) {
                    throw new IllegalArgumentException(data + " is not empty; name a new directory for the demo");
                }
            }
        }
        return Files.createDirectories(data);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
