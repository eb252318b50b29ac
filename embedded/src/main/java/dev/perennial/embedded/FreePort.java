package dev.perennial.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Picks loopback ports for servers that must be told their port before they bind it. */
final class FreePort {
    private FreePort() {}

    /** The requested port, or one that is free at the moment when the request is 0. */
    static int resolve(int requested) {
        return requested == 0 ? any() : requested;
    }

    private static int any() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Fails early and clearly, where the server itself would fail late.
     *
     * @throws EmbeddedServerException when something listens on the port
     */
    static void requireFree(String server, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new EmbeddedServerException(
                    "Port " + port + " for " + server + " is taken: free it or choose another port.", e);
        }
    }
}
