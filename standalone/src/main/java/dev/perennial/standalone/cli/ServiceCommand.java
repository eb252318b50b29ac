package dev.perennial.standalone.cli;

import dev.perennial.standalone.client.Service;
import dev.perennial.standalone.server.ServiceProcess;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs one service in this process. */
@Command(
        name = "service",
        mixinStandardHelpOptions = true,
        description = {
            "Run one service in this process.",
            "It needs a PostgreSQL and a Kafka that run elsewhere:",
            "  perennial service scorer --set spring.datasource.url=jdbc:postgresql://... \\",
            "    --set spring.kafka.bootstrap-servers=... --set perennial.shared.artifacts=DIRECTORY"
        })
final class ServiceCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "SERVICE", description = "${COMPLETION-CANDIDATES}")
    Service service = Service.REGISTRY;

    @Option(names = "--port", description = "HTTP port (default: ${DEFAULT-VALUE})", defaultValue = "8080")
    int port;

    @Option(names = "--set", description = "a setting")
    List<String> settings = List.of();

    @Override
    public Integer call() {
        ServiceProcess.run(service, port, settings);
        return 0;
    }
}
