package dev.perennial.embedded;

/** Where tests take their servers from. */
interface TestServers {
    TestServers SELECTED = switch (System.getProperty("perennial.infrastructure", "embedded")) {
        case "embedded" -> new EmbeddedTestServers();
        case "containers" -> new ContainerTestServers();
        default ->
            throw new IllegalArgumentException("perennial.infrastructure must be embedded or containers, not "
                    + System.getProperty("perennial.infrastructure"));
    };

    TestDatabaseServer startDatabaseServer();

    TestBroker startBroker();
}
