package dev.perennial.standalone;

import dev.perennial.standalone.cli.CommandLines;

/** The entry of {@code ./perennial}. */
public final class PerennialApplication {
    private PerennialApplication() {}

    public static void main(String[] arguments) {
        int status = CommandLines.execute(arguments);
        if (status != 0) {
            System.exit(status);
        }
    }
}
