package dev.perennial.embedded;

/**
 * The Kafka broker as a process of its own: {@code --data DIRECTORY [--port NUMBER] [--owner PROCESS-ID]}. Prints
 * {@code ready HOST:PORT} when it serves.
 */
public final class BrokerProcess {
    private BrokerProcess() {}

    public static void main(String[] args) {
        ServerProcess.run(
                args,
                arguments -> KafkaServer.start(arguments.data(), arguments.port()),
                KafkaServer::bootstrapServers);
    }
}
