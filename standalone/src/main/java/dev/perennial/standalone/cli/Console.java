package dev.perennial.standalone.cli;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lines for a person. */
final class Console {
    @Spec(Spec.Target.MIXEE)
    CommandSpec command = CommandSpec.create();

    void line(String text) {
        command.commandLine().getOut().println(text);
        command.commandLine().getOut().flush();
    }

    /** How long this process has lived, such as {@code 4.2 s}. */
    String sinceJvmStart() {
        Duration uptime = Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
        return String.format(Locale.ROOT, "%.1f s", uptime.toMillis() / 1000.0);
    }
}
