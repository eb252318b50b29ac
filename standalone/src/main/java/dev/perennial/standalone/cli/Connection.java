package dev.perennial.standalone.cli;

import dev.perennial.standalone.client.Endpoints;
import dev.perennial.standalone.client.PerennialClient;
import picocli.CommandLine.Option;

/** Which server a command talks to. */
final class Connection {
    @Option(
            names = "--url",
            description = "address of the server, or service=address pairs of all six (default: ${DEFAULT-VALUE})",
            defaultValue = "${env:PERENNIAL_URL:-http://127.0.0.1:8080}")
    String url = "";

    PerennialClient open() {
        return new PerennialClient(Endpoints.parse(url));
    }
}
