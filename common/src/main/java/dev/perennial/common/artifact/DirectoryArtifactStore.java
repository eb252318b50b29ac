package dev.perennial.common.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Artifacts as directories named by their hash, below one root. */
public final class DirectoryArtifactStore implements ArtifactStore {
    private final Path root;
    private final Set<String> verified = ConcurrentHashMap.newKeySet();

    public DirectoryArtifactStore(Path root) {
        this.root = root;
    }

    @Override
    public ArtifactRef store(Path directory) {
        try {
            ArtifactRef reference = reference(directory);
            Path target = root.resolve(reference.sha256());
            if (!Files.isDirectory(target)) {
                Files.createDirectories(root);
                Path staged = Files.createTempDirectory(root, ".staged-");
                copy(directory, staged);
                publish(staged, target);
            }
            return reference;
        } catch (IOException e) {
            throw new UncheckedIOException("storing " + directory, e);
        }
    }

    @Override
    public Path open(ArtifactRef reference) {
        Path directory = root.resolve(reference.sha256());
        if (!Files.isDirectory(directory)) {
            throw new ArtifactMissingException(reference);
        }
        if (!verified.contains(reference.sha256())) {
            verify(reference, directory);
            verified.add(reference.sha256());
        }
        return directory;
    }

    private static void verify(ArtifactRef reference, Path directory) {
        try {
            String found = reference(directory).sha256();
            if (!found.equals(reference.sha256())) {
                throw new ArtifactCorruptException(reference, found);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("reading artifact " + reference.sha256(), e);
        }
    }

    /** Another writer may have published the same content first; both copies are equal, so ours is dropped. */
    private static void publish(Path staged, Path target) throws IOException {
        try {
            Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
            deleteTree(staged);
        }
    }

    private static ArtifactRef reference(Path directory) throws IOException {
        MessageDigest digest = sha256();
        long bytes = 0;
        try (OutputStream sink = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            for (Path file : files(directory)) {
                String name = directory.relativize(file).toString().replace('\\', '/');
                sink.write((name + '\0' + Files.size(file) + '\0').getBytes(StandardCharsets.UTF_8));
                try (InputStream in = Files.newInputStream(file)) {
                    bytes += in.transferTo(sink);
                }
            }
        }
        return new ArtifactRef(HexFormat.of().formatHex(digest.digest()), bytes);
    }

    private static void copy(Path from, Path to) throws IOException {
        for (Path file : files(from)) {
            Path target = to.resolve(from.relativize(file).toString());
            Files.createDirectories(target.getParent() == null ? to : target.getParent());
            Files.copy(file, target);
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.filter(Files::isRegularFile)
                    .sorted(Comparator.comparing(f -> directory.relativize(f).toString()))
                    .toList();
        }
    }

    private static void deleteTree(Path directory) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
