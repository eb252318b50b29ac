package dev.perennial.lora.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The bytes of an answer; reading fails when hardly any come for some time, which the client's own timeout does not watch. */
final class Body extends InputStream implements Flow.Subscriber<List<ByteBuffer>> {
    /** What comes in less than this much while the patience lasts counts as silence. */
    private static final int SOME = 4096;

    private final Duration patience;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Queue<ByteBuffer> ready = new ArrayDeque<>();
    private Flow.@Nullable Subscription subscription;
    private boolean closed;
    private boolean ended;

    /** How long was waited, and what came, since the last {@link #SOME} bytes were complete. */
    private long waitedNanos;

    private long came;

    private sealed interface Event {
        record Bytes(List<ByteBuffer> buffers) implements Event {}

        record Failure(Throwable cause) implements Event {}

        record End() implements Event {}
    }

    Body(Duration patience) {
        this.patience = patience;
    }

    @Override
    public synchronized void onSubscribe(Flow.Subscription given) {
        subscription = given;
        if (closed) {
            given.cancel();
        } else {
            given.request(1);
        }
    }

    private synchronized void more() {
        if (subscription != null) {
            subscription.request(1);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        events.add(new Event.Bytes(buffers));
    }

    @Override
    public void onError(Throwable cause) {
        events.add(new Event.Failure(cause));
    }

    @Override
    public void onComplete() {
        events.add(new Event.End());
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (ready.isEmpty() && !ended) {
            await();
        }
        ByteBuffer next = ready.peek();
        if (next == null) {
            return -1;
        }
        int count = Math.min(length, next.remaining());
        next.get(target, offset, count);
        if (!next.hasRemaining()) {
            ready.remove();
        }
        return count;
    }

    private void await() throws IOException {
        long begin = System.nanoTime();
        try {
            switch (events.poll(patience.toNanos() - waitedNanos, TimeUnit.NANOSECONDS)) {
                case null -> throw new IOException("hardly anything came for " + patience);
                case Event.Bytes bytes -> {
                    waitedNanos += System.nanoTime() - begin;
                    take(bytes.buffers());
                    more();
                }
                case Event.Failure failure ->
                    throw new IOException(failure.cause().getMessage(), failure.cause());
                case Event.End _ -> ended = true;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while downloading");
        }
    }

    private void take(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            came += buffer.remaining();
            if (buffer.hasRemaining()) {
                ready.add(buffer);
            }
        }
        if (came >= SOME) {
            came = 0;
            waitedNanos = 0;
        }
    }

    /** What was not read is not downloaded. */
    @Override
    public synchronized void close() {
        closed = true;
        if (subscription != null) {
            subscription.cancel();
        }
    }
}
