package dev.perennial.lora.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.LongConsumer;

/**
 * Brings files of a commit into a directory. A file has its own name there only when it is complete and checked; until
 * then it ends with {@code .part} and is gone on with.
 *
 * @param path of the commit's files on the endpoint, up to the last slash
 */
record Download(HubClient client, String path, Path directory) {
    /** Bytes of a file that are here. */
    long present(RemoteFile file) {
        Path done = directory.resolve(file.name());
        return Files.exists(done) ? file.size() : size(part(file));
    }

    private Path part(RemoteFile file) {
        return directory.resolve(file.name() + ".part");
    }

    private static long size(Path part) {
        try {
            return Files.exists(part) ? Files.size(part) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The file in the directory.
     *
     * @param progress hears how many bytes of it are here
     */
    Path fetch(RemoteFile file, LongConsumer progress) {
        Path done = directory.resolve(file.name());
        try {
            if (!Files.exists(done)) {
                Files.createDirectories(done.getParent());
                fill(file, progress);
                requireChecksum(file);
                Files.move(part(file), done, StandardCopyOption.ATOMIC_MOVE);
            }
            progress.accept(file.size());
            return done;
        } catch (IOException e) {
            throw new UncheckedIOException("could not write " + done, e);
        }
    }

    private void fill(RemoteFile file, LongConsumer progress) throws IOException {
        Path part = part(file);
        if (size(part) > file.size()) {
            Files.delete(part);
        }
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (channel.size() < file.size()) {
                client.get(path + file.name(), () -> size(part), answer -> append(file, channel, answer, progress));
            }
            channel.force(true);
        }
    }

    private boolean append(RemoteFile file, FileChannel channel, Answer answer, LongConsumer progress)
            throws IOException {
        long offset = channel.size();
        if (answer.status() == 416 && offset > 0) {
            channel.truncate(0);
            throw new IOException("the server has no such part of " + file.name());
        }
        client.requireSuccess(answer, path + file.name());
        if (answer.status() == 206) {
            requireRange(file, channel, answer.header("Content-Range"));
        } else {
            channel.truncate(0); // the server sends it from its start
            requireSize(file, answer);
        }
        copy(file, channel, answer.body(), progress);
        if (channel.size() < file.size()) {
            throw new IOException("the connection ended after %d of %d bytes".formatted(channel.size(), file.size()));
        }
        return true;
    }

    private static void requireRange(RemoteFile file, FileChannel channel, String range) throws IOException {
        String expected = "bytes %d-%d/".formatted(channel.size(), file.size() - 1);
        if (!range.equals(expected + file.size()) && !range.equals(expected + "*")) {
            channel.truncate(0);
            throw new IOException("the server sends another part of %s than was asked for".formatted(file.name()));
        }
    }

    private static void requireSize(RemoteFile file, Answer answer) {
        String encoding = answer.header("Content-Encoding");
        boolean plain = encoding.isEmpty() || encoding.equals("identity");
        if (!plain || answer.length().orElse(file.size()) != file.size()) {
            throw new HubException("%s was announced with %d bytes; the server wants to send %s bytes%s"
                    .formatted(
                            file.name(),
                            file.size(),
                            answer.header("Content-Length"),
                            plain ? "" : " of another encoding"));
        }
    }

    private static void copy(RemoteFile file, FileChannel channel, Body body, LongConsumer progress)
            throws IOException {
        byte[] buffer = new byte[1 << 16];
        long position = channel.size();
        for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
            if (position + count > file.size()) {
                throw new HubException(
                        "the server sends more than the %d bytes announced of %s".formatted(file.size(), file.name()));
            }
            write(file, channel, ByteBuffer.wrap(buffer, 0, count), position);
            position += count;
            progress.accept(position);
        }
    }

    /** A full disk is no failure of the hub, and no reason to ask it again. */
    private static void write(RemoteFile file, FileChannel channel, ByteBuffer bytes, long position) {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes, position + bytes.position());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not write " + file.name(), e);
        }
    }

    private void requireChecksum(RemoteFile file) throws IOException {
        if (!file.isIn(part(file))) {
            Files.delete(part(file));
            throw new HubException(
                    "%s came with another %s than announced: it was changed or damaged on the way and has been"
                                    .formatted(file.name(), file.kind().algorithm)
                            + " deleted; fetch it again");
        }
    }
}
