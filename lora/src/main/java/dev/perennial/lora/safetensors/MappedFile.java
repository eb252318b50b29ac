package dev.perennial.lora.safetensors;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;

/**
 * Reads a file through windows onto it, one at a time: of a file of any size no more than that is ever resident.
 *
 * <p>A file that is cut short while a window is open has no memory behind it any more, and whoever touches it gets a
 * signal. Java's own copying survives that with an InternalError, native code would not: so values are copied out of the
 * window by Java, and the engine sees copies alone.
 */
record MappedFile(FileChannel channel) {
    private static final int WINDOW_BYTES = 1 << 22;

    /** Takes what lies in a window. */
    @FunctionalInterface
    interface Reader {
        /**
         * Is called with one window after the other.
         *
         * @param window to be copied from and not to be kept
         */
        void read(MemorySegment window);
    }

    /**
     * Opens windows onto a range one after the other.
     *
     * @param unit a window's length is a multiple of it, but for the last one's
     * @throws IOException if the file ends before the range does
     */
    void read(long position, long bytes, int unit, Reader reader) throws IOException {
        int window = WINDOW_BYTES / unit * unit;
        for (long done = 0; done < bytes; done += window) {
            readWindow(position + done, Math.min(window, bytes - done), reader);
        }
    }

    private void readWindow(long position, long bytes, Reader reader) throws IOException {
        requireLength(position + bytes); // what lies beyond the end can be mapped, but not read
        try (Arena arena = Arena.ofConfined()) {
            reader.read(channel.map(MapMode.READ_ONLY, position, bytes, arena));
            // After a fault the error may come late, at the latest with this call; and if it did not, the length tells.
            requireLength(position + bytes);
        } catch (InternalError e) {
            throw new IOException("the file was changed while it was read", e);
        }
    }

    private void requireLength(long end) throws IOException {
        if (channel.size() < end) {
            throw new EOFException("unexpected end of file");
        }
    }
}
