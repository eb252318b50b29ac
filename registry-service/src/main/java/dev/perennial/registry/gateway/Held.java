package dev.perennial.registry.gateway;

import dev.perennial.registry.serving.Answer;
import dev.perennial.registry.serving.ServingBackend;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A loaded version. It starts with one holder, the routing table; each request is another while it runs. The last one to
 * let go closes it, so that a swap never takes a version away from a request.
 */
final class Held {
    private final int version;
    private final ServingBackend.Served served;
    private final AtomicInteger holders = new AtomicInteger(1);

    Held(int version, ServingBackend.Served served) {
        this.version = version;
        this.served = served;
    }

    int version() {
        return version;
    }

    /** Whether the caller holds it now; false when the last holder has let go. */
    boolean acquire() {
        return holders.updateAndGet(count -> count == 0 ? 0 : count + 1) != 0;
    }

    void release() {
        if (holders.decrementAndGet() == 0) {
            served.close();
        }
    }

    List<Answer> answer(List<String> texts) {
        return served.answer(texts);
    }
}
