package dev.perennial.benchmarks;

import dev.perennial.benchmarks.fewshot.FewShotCommand;
import dev.perennial.benchmarks.learn.LearnCommand;
import dev.perennial.benchmarks.lora.LoraCommand;
import dev.perennial.benchmarks.pipeline.PipelineCommand;
import dev.perennial.benchmarks.predict.PredictCommand;
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
        CommandLine commands = new CommandLine(new BenchmarksApplication());
        if (arguments.length == 0) {
            commands.usage(System.out);
            System.exit(CommandLine.ExitCode.USAGE);
        }
        System.exit(commands.execute(arguments));
    }
}
