package dev.perennial.lora.lifetime;

/**
 * Native memory that is in use by several holders: the last one to let go frees it. So closing while other threads are
 * inside a call is safe, and the order in which holders close does not matter.
 */
public final class Retained {
    private final String name;
    private final Runnable free;
    private int holders = 1;
    private boolean closed;

    /** Held once, by the owner, until {@link #close()}. */
    public Retained(String name, Runnable free) {
        this.name = name;
        this.free = free;
    }

    /** Keeps the memory until the returned hold is closed. */
    public synchronized Hold hold() {
        if (closed) {
            throw new IllegalStateException(name + " is closed");
        }
        holders++;
        return this::release;
    }

    /** Whether anybody but the owner holds it. */
    public synchronized boolean inUse() {
        return holders > (closed ? 0 : 1);
    }

    /** Ends the owner's hold; new holds are refused from here on. */
    public synchronized void close() {
        if (!closed) {
            closed = true;
            release();
        }
    }

    private synchronized void release() {
        if (--holders == 0) {
            free.run();
        }
    }

    /** Closed exactly once. */
    @FunctionalInterface
    public interface Hold extends AutoCloseable {
        @Override
        void close();
    }
}
