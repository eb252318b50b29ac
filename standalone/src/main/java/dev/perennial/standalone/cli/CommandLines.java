package dev.perennial.standalone.cli;

import dev.perennial.embedded.EmbeddedServerException;
import dev.perennial.standalone.client.RefusedException;
import dev.perennial.standalone.client.UnreachableException;
import dev.perennial.standalone.demo.DemoException;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** All commands, and how their failures are told: a line to standard error, more for the rows of a file; exit status 1. */
@Command(
        name = "perennial",
        mixinStandardHelpOptions = true,
        version = "perennial 0.1.0",
        description = "Keeps deployed models fresh: generate, filter, fine-tune, evaluate, roll out, watch, repeat.",
        footer = {
            "",
            "Start with 'perennial demo' for the whole story, or 'perennial up' for a server.",
            "In a checkout also: 'perennial verify' (build, all tests) and 'perennial benchmark' (measure)."
        },
        subcommands = {
            UpCommand.class,
            ApplyCommand.class,
            StatusCommand.class,
            PredictCommand.class,
            FeedbackCommand.class,
            RoundsCommand.class,
            VersionsCommand.class,
            RollbackCommand.class,
            DeadLettersCommand.class,
            DemoCommand.class,
            ServiceCommand.class
        })
public final class CommandLines {
    private CommandLines() {}

    /** Runs a command and returns its exit status: 0 done, 1 refused or failed, 2 wrong usage. */
    public static int execute(String... arguments) {
        CommandLine commands = new CommandLine(new CommandLines());
        commands.setCaseInsensitiveEnumValuesAllowed(true);
        commands.setExecutionExceptionHandler((e, command, parsed) -> {
            if (!told(e)) {
                throw e;
            }
            command.getErr().println(e.getMessage());
            if (e instanceof RefusedException refused) {
                refused.rows().forEach(row -> command.getErr().println("  " + row));
            }
            return CommandLine.ExitCode.SOFTWARE;
        });
        if (arguments.length == 0) {
            commands.usage(commands.getOut());
            return CommandLine.ExitCode.USAGE;
        }
        return commands.execute(arguments);
    }

    /** Whether the message alone tells a person what to do; of a defect, the stack trace is wanted. */
    private static boolean told(Exception e) {
        return e instanceof RefusedException
                || e instanceof UnreachableException
                || e instanceof EmbeddedServerException
                || e instanceof DemoException
                || e instanceof IllegalArgumentException
                || e instanceof IOException;
    }
}
