package dev.perennial.standalone.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What the demo brings along; its README says where it comes from. */
final class DemoFiles {
    private DemoFiles() {}

    static String text(String name) {
        try (InputStream file = DemoFiles.class.getResourceAsStream("/demo/" + name)) {
            if (file == null) {
                throw new IllegalStateException("the demo file " + name + " is missing from the build");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Ticket> tickets(String name) {
        return Ticket.read(text(name));
    }
}
