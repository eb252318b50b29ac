package dev.perennial.standalone.server;

import dev.perennial.standalone.client.Endpoints;
import java.nio.file.Path;

/** A running Perennial, however many processes it has. */
public interface Platform extends AutoCloseable {
    Endpoints endpoints();

    /** Where its artifact store keeps adapters and datasets. */
    Path artifacts();

    /** Stops everything that was started. */
    @Override
    void close();
}
