package dev.perennial.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Picks loopback ports for servers that must be told their port before they bind it. */
final class FreePort {
    /** Below the ranges that operating systems hand to outgoing connections, so that nobody takes it before the server does. */
    private static final int LOWEST = 16_000;

    private static final int HIGHEST = 32_000;
    private static final int ATTEMPTS = 1_000;

    private FreePort() {}

    /**
     * The requested port, or a free one when 0 is requested.
     *
     * @throws EmbeddedServerException when something listens on the requested port
     */
    static int claim(String server, int requested) {
        if (requested == 0) {
            return any();
        }
        if (!isFree(requested)) {
            throw new EmbeddedServerException(
                    "Port " + requested + " for " + server + " is taken: free it or choose another port.");
        }
        return requested;
    }

    static int any() {
        return ThreadLocalRandom.current()
                .ints(ATTEMPTS, LOWEST, HIGHEST)
                .filter(FreePort::isFree)
                .findFirst()
                .orElseThrow(() -> new EmbeddedServerException(
                        "No free port between " + LOWEST + " and " + HIGHEST + ": stop what occupies them."));
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // A server that has just stopped leaves connections in TIME_WAIT, which do not keep the next one away.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
