package dev.perennial.standalone.server;

import dev.perennial.embedded.BrokerProcess;
import dev.perennial.embedded.DatabaseProcess;
import dev.perennial.standalone.PerennialApplication;
import dev.perennial.standalone.client.Endpoints;
import dev.perennial.standalone.client.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The six services as six processes, a broker and a database beside them, all on loopback and all children of this one. */
public final class ProcessPlatform implements Platform {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String SERVICE_HEAP = "-Xmx768m";

    private final Path data;
    private final List<ChildProcess> children = new ArrayList<>();
    private final Map<Service, URI> addresses = new EnumMap<>(Service.class);

    private ProcessPlatform(Path data) {
        this.data = data;
    }

    /**
     * Starts all eight and returns when every service is ready.
     *
     * @param data directory that is created on first use; each process logs to {@code logs} in it
     * @param settings further {@code key=value} settings of every service
     */
    public static ProcessPlatform start(Path data, List<String> settings) {
        ProcessPlatform platform = new ProcessPlatform(data);
        try {
            Files.createDirectories(data.resolve("logs"));
            platform.startAll(settings);
            return platform;
        } catch (IOException e) {
            platform.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            platform.close();
            throw e;
        }
    }

    private void startAll(List<String> settings) throws IOException {
        String owner = Long.toString(ProcessHandle.current().pid());
        ChildProcess database = start(
                "database",
                DatabaseProcess.class,
                List.of("--data", data.resolve("postgres").toString(), "--owner", owner));
        ChildProcess broker = start(
                "broker",
                BrokerProcess.class,
                List.of("--data", data.resolve("kafka").toString(), "--owner", owner));
        List<String> common = new ArrayList<>(List.of(
                "spring.datasource.url=" + database.awaitLine("ready ", PATIENCE),
                "spring.datasource.username=postgres",
                "spring.datasource.hikari.maximum-pool-size=12",
                "spring.kafka.bootstrap-servers=" + broker.awaitLine("ready ", PATIENCE),
                "perennial.shared.artifacts=" + artifacts()));
        common.addAll(settings);
        for (Service service : Service.values()) {
            int port = FreePorts.one();
            addresses.put(service, URI.create("http://127.0.0.1:" + port));
            List<String> arguments =
                    new ArrayList<>(List.of("service", service.id(), "--port", Integer.toString(port)));
            common.forEach(setting -> arguments.addAll(List.of("--set", setting)));
            start(service.id(), PerennialApplication.class, arguments);
        }
        for (URI address : addresses.values()) {
            Readiness.await(address, PATIENCE);
        }
    }

    private ChildProcess start(String name, Class<?> main, List<String> arguments) throws IOException {
        ChildProcess child = ChildProcess.start(name, main, SERVICE_HEAP, arguments, data.resolve("logs"));
        children.add(child);
        return child;
    }

    @Override
    public Endpoints endpoints() {
        return Endpoints.of(addresses);
    }

    @Override
    public Path artifacts() {
        return data.resolve("artifacts");
    }

    /** Services first, then broker and database. */
    @Override
    public void close() {
        children.reversed().forEach(ChildProcess::stop);
    }
}
