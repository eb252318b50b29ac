package dev.perennial.benchmarks;

import dev.perennial.benchmarks.fewshot.FewShotCommand;
import dev.perennial.benchmarks.learn.LearnCommand;
import dev.perennial.benchmarks.lora.LoraCommand;
import dev.perennial.benchmarks.pipeline.PipelineCommand;
import dev.perennial.benchmarks.predict.PredictCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import java.util.Optional;
import org.springframework.boot.logging.LoggingSystem;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The entry of {@code ./perennial benchmark}. */
@Command(
        name = "perennial benchmark",
        mixinStandardHelpOptions = true,
        description = "Measure Perennial on this machine. Every comparison runs side by side.",
        subcommands = {
            FewShotCommand.class,
            LearnCommand.class,
            LoraCommand.class,
            PipelineCommand.class,
            PredictCommand.class
        })
public final class BenchmarksApplication {
    private BenchmarksApplication() {}

    public static void main(String[] arguments) {
        // Until a server brings its logging configuration, libraries say nothing.
        LoggingSystem.get(BenchmarksApplication.class.getClassLoader()).beforeInitialize();
        System.exit(execute(arguments));
    }

    /** Runs a command and returns its exit status: 0 done, 1 refused or failed, 2 wrong usage. */
    static int execute(String... arguments) {
        CommandLine commands = new CommandLine(new BenchmarksApplication());
        commands.setExecutionExceptionHandler((e, command, _) -> {
            command.getErr().println(told(e).orElseThrow(() -> e));
            return CommandLine.ExitCode.SOFTWARE;
        });
        if (arguments.length == 0) {
            commands.usage(commands.getOut());
            return CommandLine.ExitCode.USAGE;
        }
        return commands.execute(arguments);
    }

    /** What tells a person what to do; of a defect nothing, for the stack trace is wanted. */
    private static Optional<String> told(Exception e) {
        return switch (e) {
            case NoSuchFileException missing -> Optional.of("there is no file " + missing.getFile());
            case UncheckedIOException wrapped -> told(Objects.requireNonNull(wrapped.getCause()));
            case IllegalArgumentException _, IOException _ -> Optional.of(String.valueOf(e.getMessage()));
            default -> Optional.empty();
        };
    }
}
