package dev.perennial.standalone.client;

import java.net.URI;

/** No server answers at the address. */
public final class UnreachableException extends RuntimeException {
    UnreachableException(URI address, Throwable cause) {
        super(
                "No Perennial server answers at " + address + "; start one with ./perennial up or name it with --url.",
                cause);
    }
}
