package dev.perennial.common.artifact;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Artifacts as directories named by their hash, below one root. An artifact is read in full the first time, and again
 * when a file's size or time of modification has changed since.
 */
public final class DirectoryArtifactStore implements ArtifactStore {
    private final Path root;
    private final Map<String, List<FileTree.Stamp>> verified = new ConcurrentHashMap<>();

    public DirectoryArtifactStore(Path root) {
        this.root = root;
    }

    @Override
    public ArtifactRef store(Path directory) {
        try {
            FileTree content = new FileTree(directory);
            ArtifactRef reference = content.reference();
            if (!intact(reference)) {
                write(content, reference);
            }
            return reference;
        } catch (IOException e) {
            throw new UncheckedIOException("storing " + directory, e);
        }
    }

    @Override
    public Path open(ArtifactRef reference) {
        Path directory = at(reference);
        if (!Files.isDirectory(directory)) {
            throw new ArtifactMissingException(reference);
        }
        try {
            String found = found(reference);
            if (!found.equals(reference.sha256())) {
                throw new ArtifactCorruptException(reference, found);
            }
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException("reading artifact " + reference.sha256(), e);
        }
    }

    private Path at(ArtifactRef reference) {
        return root.resolve(reference.sha256());
    }

    private boolean intact(ArtifactRef reference) throws IOException {
        return Files.isDirectory(at(reference)) && found(reference).equals(reference.sha256());
    }

    /** The hash of what is there now. Stamps are taken before the files are read, or a change in between would pass. */
    private String found(ArtifactRef reference) throws IOException {
        FileTree stored = new FileTree(at(reference));
        List<FileTree.Stamp> stamps = stored.stamps();
        if (stamps.equals(verified.get(reference.sha256()))) {
            return reference.sha256();
        }
        String found = stored.reference().sha256();
        if (found.equals(reference.sha256())) {
            verified.put(found, stamps);
        }
        return found;
    }

    /** A database row will name the artifact: its bytes are on the disk before, as the row will be. */
    private void write(FileTree content, ArtifactRef reference) throws IOException {
        Files.createDirectories(root);
        FileTree staged = new FileTree(Files.createTempDirectory(root, ".staged-"));
        try {
            content.copyTo(staged.root());
            staged.force();
            publish(staged.root(), reference);
            FileTree.force(root);
        } finally {
            staged.delete();
        }
    }

    /** Another writer may have published the same content first: an equal copy stays, a damaged one is replaced. */
    private synchronized void publish(Path staged, ArtifactRef reference) throws IOException {
        Path target = at(reference);
        try {
            Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            // Which subclass a directory in the way gives depends on the platform.
            if (!Files.exists(target)) {
                throw e;
            }
            if (!intact(reference)) {
                replace(target, staged);
            }
        }
    }

    private void replace(Path target, Path staged) throws IOException {
        FileTree damaged = new FileTree(Files.createTempDirectory(root, ".damaged-"));
        try {
            Files.move(target, damaged.root().resolve("content"), StandardCopyOption.ATOMIC_MOVE);
            Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            damaged.delete();
        }
    }
}
