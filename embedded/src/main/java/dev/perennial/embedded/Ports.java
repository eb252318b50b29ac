package dev.perennial.embedded;

/**
 * Loopback ports of the embedded servers; 0 means any free port.
 *
 * @param postgres port of PostgreSQL
 * @param kafka port of the Kafka broker
 */
public record Ports(int postgres, int kafka) {
    public Ports {
        require("postgres", postgres);
        require("kafka", kafka);
    }

    /** Any two free ports. */
    public static Ports free() {
        return new Ports(0, 0);
    }

    private static void require(String name, int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(name + " port must be between 0 and 65535, not " + port);
        }
    }
}
