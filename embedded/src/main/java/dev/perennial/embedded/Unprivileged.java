package dev.perennial.embedded;

import java.util.ArrayList;
import java.util.List;

/** PostgreSQL refuses to run as root; in a user namespace of its own it runs with root's files and without root's powers. */
final class Unprivileged {
    private Unprivileged() {}

    /** What to add to the message of a failure: containers often forbid user namespaces. */
    static String hint() {
        return isRoot() ? " (root needs user namespaces for this: allow them or start as an ordinary user)" : "";
    }

    static List<String> command(List<String> command) {
        if (!isRoot()) {
            return command;
        }
        List<String> wrapped = new ArrayList<>(List.of("unshare", "--user"));
        wrapped.addAll(command);
        return wrapped;
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }
}
