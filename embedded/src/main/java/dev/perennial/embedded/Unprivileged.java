package dev.perennial.embedded;

import java.util.ArrayList;
import java.util.List;

/** PostgreSQL refuses to run as root; in a user namespace of its own it runs with root's files and without root's powers. */
final class Unprivileged {
    private Unprivileged() {}

    static List<String> command(List<String> command) {
        if (!"root".equals(System.getProperty("user.name"))) {
            return command;
        }
        List<String> wrapped = new ArrayList<>(List.of("unshare", "--user"));
        wrapped.addAll(command);
        return wrapped;
    }
}
