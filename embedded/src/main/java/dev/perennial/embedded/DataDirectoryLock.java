package dev.perennial.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Exclusive ownership of a data directory. The operating system drops the lock with its process, so a killed owner leaves nothing to clean up.
 */
final class DataDirectoryLock implements AutoCloseable {
    static final String FILE_NAME = "owner.lock";

    /** Closing a second channel on the file would drop this JVM's lock (POSIX), so a second claim must not even open it. */
    private static final Set<Path> OWNED_BY_THIS_JVM = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;

    private DataDirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /**
     * Creates the directory where needed and takes its lock.
     *
     * @throws EmbeddedServerException when a live process, this one included, owns the directory
     */
    static DataDirectoryLock acquire(Path requested) {
        try {
            Path directory = Files.createDirectories(requested).toRealPath();
            if (!OWNED_BY_THIS_JVM.add(directory)) {
                throw inUse(directory, Long.toString(ProcessHandle.current().pid()));
            }
            try {
                return lock(directory);
            } catch (IOException | RuntimeException e) {
                OWNED_BY_THIS_JVM.remove(directory);
                throw e;
            }
        } catch (IOException e) {
            throw new EmbeddedServerException("Cannot use data directory " + requested + ": " + e.getMessage(), e);
        }
    }

    private static DataDirectoryLock lock(Path directory) throws IOException {
        Path file = directory.resolve(FILE_NAME);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            throw inUse(directory, Files.readString(file).strip());
        }
        channel.truncate(0);
        channel.write(
                ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
        return new DataDirectoryLock(directory, channel);
    }

    private static EmbeddedServerException inUse(Path directory, String pid) {
        return new EmbeddedServerException("Data directory " + directory + " is in use by process " + pid
                + ": stop that process or choose another directory.");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            OWNED_BY_THIS_JVM.remove(directory);
        }
    }
}
