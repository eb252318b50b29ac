package dev.perennial.lora.safetensors;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Comparator;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Writes a directory so that its name holds what was there before or all of the new one, never a mixture: it is written and
 * checked beside its place and then renamed.
 *
 * <p>Taking the place of an existing directory needs two renames. After a crash between them the name is free, and beside it
 * lie the old directory, {@code .<name>.<uuid>.old}, and the new one, {@code .<name>.<uuid>.tmp}, both whole. After an
 * earlier crash the {@code .tmp} is unfinished and can be deleted.
 */
public final class SavedDirectory {
    private SavedDirectory() {}

    /** What fills the directory. */
    @FunctionalInterface
    public interface Content {
        void writeTo(Path directory) throws IOException;
    }

    /**
     * Writes it, with the directories above it. An existing directory is replaced as a whole and keeps its permissions; one
     * that holds anything but replaceable files is left as it is.
     *
     * @param directory no mount point; the directory above it must be writable
     * @param replaceable names of files that may be deleted with an existing directory
     * @param content is given an empty directory, in which it also reads what it wrote; if it throws, nothing has changed
     * @throws IllegalArgumentException if something is there that is not replaceable
     * @throws UncheckedIOException if it cannot be written
     */
    public static void write(Path directory, Set<String> replaceable, Content content) {
        try {
            Path target = target(directory);
            requireReplaceable(target, replaceable);
            Path staging = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
            Files.createDirectories(staging);
            try {
                keepPermissions(target, staging);
                content.writeTo(staging);
                requireReplaceable(target, replaceable); // still
                put(staging, target);
            } finally {
                delete(staging); // what is left of a failure
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not write " + directory, e);
        }
    }

    /** A link to a directory stays one. */
    private static Path target(Path directory) throws IOException {
        return Files.isDirectory(directory)
                ? directory.toRealPath()
                : directory.toAbsolutePath().normalize();
    }

    private static void requireReplaceable(Path target, Set<String> replaceable) throws IOException {
        if (!Files.isDirectory(target)) {
            if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                throw new IllegalArgumentException(
                        target + " exists already and is no directory: delete it or write somewhere else");
            }
            return;
        }
        try (Stream<Path> files = Files.list(target)) {
            files.filter(file -> !replaceable.contains(String.valueOf(file.getFileName()))
                            || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .findFirst()
                    .ifPresent(file -> {
                        throw new IllegalArgumentException(
                                "%s exists already and holds '%s', which would be lost: move that away or write somewhere else"
                                        .formatted(target, file.getFileName()));
                    });
        }
    }

    private static void put(Path staging, Path target) throws IOException {
        if (!Files.exists(target)) {
            Files.move(staging, target, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        Path old = target.resolveSibling(String.valueOf(staging.getFileName()).replaceFirst("tmp$", "old"));
        try {
            Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new IOException(target + " cannot be renamed; if it is a mount point, write to a directory in it", e);
        }
        try {
            Files.move(staging, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
            throw e;
        }
        delete(old);
    }

    private static void keepPermissions(Path from, Path to) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(from, PosixFileAttributeView.class);
        if (view != null && Files.exists(from)) {
            Files.setPosixFilePermissions(to, view.readAttributes().permissions());
        }
    }

    /** With all in it, if it is there. */
    public static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
