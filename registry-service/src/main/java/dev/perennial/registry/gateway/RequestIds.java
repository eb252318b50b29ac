package dev.perennial.registry.gateway;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * Ids of requests: 48 bits of milliseconds and 80 random bits in hexadecimal. They sort by time, which keeps the table's
 * index small in memory, and cannot be guessed, because whoever has one may give feedback.
 */
public final class RequestIds {
    private static final int RANDOM_BYTES = 10;

    private final Clock clock;
    private final RandomGenerator random;

    public RequestIds(Clock clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    String next() {
        byte[] chance = new byte[RANDOM_BYTES];
        random.nextBytes(chance);
        byte[] id = ByteBuffer.allocate(Long.BYTES + RANDOM_BYTES)
                .putLong(clock.millis())
                .put(chance)
                .array();
        return HexFormat.of().formatHex(id, 2, id.length);
    }
}
