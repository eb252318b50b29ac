package dev.perennial.lora.safetensors;

import dev.perennial.lora.ModelFormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * A safetensors file open for reading: a little-endian length, a JSON header, raw values. Every length is checked
 * against the file before anything of that length is allocated.
 *
 * <p>Format: huggingface/safetensors, README, as of 0.8.0.
 */
public final class SafetensorsFile implements AutoCloseable {
    static final long MAX_HEADER_BYTES = 100_000_000;
    private static final int BYTES_PER_READ = 1 << 16;

    private final Path path;
    private final FileChannel channel;
    private final SafetensorsHeader header;
    private final long dataStart;

    private SafetensorsFile(Path path, FileChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        long fileBytes = channel.size();
        if (fileBytes < 8) {
            throw new ModelFormatException("the file is shorter than the 8 bytes of a header's length");
        }
        long headerBytes = read(0, 8).getLong();
        if (headerBytes < 2 || headerBytes > MAX_HEADER_BYTES || headerBytes > fileBytes - 8) {
            throw new ModelFormatException("the header's length " + Long.toUnsignedString(headerBytes)
                    + " is beyond the file or the limit of " + MAX_HEADER_BYTES);
        }
        this.dataStart = 8 + headerBytes;
        this.header = SafetensorsHeader.parse(read(8, (int) headerBytes).array(), fileBytes - dataStart);
    }

    /** Opens and checks a file; {@link ModelFormatException} if it is missing or broken. */
    public static SafetensorsFile open(Path path) {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(path);
            return new SafetensorsFile(path, channel);
        } catch (IOException | ModelFormatException e) {
            closeQuietly(channel, e);
            throw new ModelFormatException(path + " is no readable safetensors file: " + e.getMessage(), e);
        }
    }

    private static void closeQuietly(@Nullable FileChannel channel, Exception cause) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    public SortedSet<String> names() {
        return (SortedSet<String>) header.tensors().keySet();
    }

    public SortedMap<String, String> metadata() {
        return header.metadata();
    }

    /** The shape of a tensor, as the header has it. */
    public List<Long> shape(String name) {
        return entry(name).shape();
    }

    /** How the values of a tensor are stored. */
    public ElementType type(String name) {
        return entry(name).type();
    }

    /** A tensor as it is in this file, to be written to another one while this one is open. */
    public StoredTensor stored(String name) {
        TensorEntry entry = entry(name);
        return new StoredTensor(entry.type(), entry.shape(), out -> {
            for (long position = entry.begin(); position < entry.end(); position += BYTES_PER_READ) {
                int bytes = (int) Math.min(BYTES_PER_READ, entry.end() - position);
                out.write(read(dataStart + position, bytes).array(), 0, bytes);
            }
        });
    }

    /** The same as {@link #tensor(String)}, but refuses another shape before anything is read. */
    public Tensor tensor(String name, long... shape) {
        List<Long> found = entry(name).shape();
        if (!found.equals(Arrays.stream(shape).boxed().toList())) {
            throw new ModelFormatException(
                    "%s: tensor '%s' has the shape %s, not %s".formatted(path, name, found, Arrays.toString(shape)));
        }
        return tensor(name);
    }

    private TensorEntry entry(String name) {
        TensorEntry entry = header.tensors().get(name);
        if (entry == null) {
            throw new ModelFormatException("%s has no tensor '%s'".formatted(path, name));
        }
        return entry;
    }

    /** The tensor's values as 32-bit floats, exact for F32, F16 and BF16. */
    public Tensor tensor(String name) {
        TensorEntry entry = entry(name);
        long bytes = entry.end() - entry.begin();
        if (bytes > Integer.MAX_VALUE - 16) {
            throw new ModelFormatException("tensor '%s' of %s is larger than 2 GiB".formatted(name, path));
        }
        FloatBuffer values = FloatBuffer.allocate((int) (bytes / entry.type().bytes));
        read(name, part -> values.put(part.asFloatBuffer()));
        return new Tensor(entry.shape(), values.array());
    }

    /**
     * Passes on the tensor's values as 32-bit floats, exact for F32, F16 and BF16, from the mapped file: whatever the
     * tensor's size, no more than a part of it is held.
     */
    public void read(String name, FloatParts parts) {
        TensorEntry entry = entry(name);
        Widening widening = Widening.of(entry.type())
                .orElseThrow(() ->
                        new ModelFormatException("tensor '%s' holds %s where real numbers are needed; store it as F32"
                                .formatted(name, entry.type())));
        long bytes = entry.end() - entry.begin();
        int width = entry.type().bytes;
        try (Arena arena = Arena.ofConfined()) {
            ByteBuffer part = FloatParts.buffer(arena, bytes / width);
            ByteBuffer raw = width == Float.BYTES ? part : buffer(arena, part.capacity() / (long) Float.BYTES * width);
            new MappedFile(channel).read(dataStart + entry.begin(), bytes, width, window -> {
                for (long from = 0; from < window.byteSize(); from += raw.capacity()) {
                    int count = (int) Math.min(raw.capacity(), window.byteSize() - from);
                    MemorySegment.copy(window, from, MemorySegment.ofBuffer(raw), 0, count);
                    widening.widen(raw.slice(0, count).order(ByteOrder.LITTLE_ENDIAN), part);
                    parts.take(part.slice(0, count / width * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN));
                }
            });
        } catch (IOException e) {
            throw new ModelFormatException("%s ends inside tensor '%s'".formatted(path, name), e);
        }
    }

    private static ByteBuffer buffer(Arena arena, long bytes) {
        return arena.allocate(bytes, Double.BYTES).asByteBuffer();
    }

    private ByteBuffer read(long position, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            int count = channel.read(buffer, position + buffer.position());
            if (count < 0) {
                throw new IOException("unexpected end of file");
            }
        }
        return buffer.flip();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
