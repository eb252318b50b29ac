package dev.perennial.embedded;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Arguments of a server that runs as a process of its own.
 *
 * @param data data directory
 * @param port loopback port, 0 for any free one
 * @param owner process that the server shall not outlive, where there is one
 */
record ServerArguments(Path data, int port, Optional<Long> owner) {
    private static final String USAGE = "usage: --data DIRECTORY [--port NUMBER] [--owner PROCESS-ID]";

    /** @throws IllegalArgumentException with what is wrong and the usage */
    static ServerArguments parse(String... args) {
        @Nullable Path data = null;
        int port = 0;
        Optional<Long> owner = Optional.empty();
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length) {
                throw new IllegalArgumentException(args[i] + " needs a value; " + USAGE);
            }
            String value = args[i + 1];
            switch (args[i]) {
                case "--data" -> data = Path.of(value);
                case "--port" -> port = (int) number(args[i], value);
                case "--owner" -> owner = Optional.of(number(args[i], value));
                default -> throw new IllegalArgumentException("unknown option " + args[i] + "; " + USAGE);
            }
        }
        if (data == null) {
            throw new IllegalArgumentException("--data is missing; " + USAGE);
        }
        return new ServerArguments(data, port, owner);
    }

    private static long number(String option, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " must be a number, not " + value + "; " + USAGE, e);
        }
    }
}
