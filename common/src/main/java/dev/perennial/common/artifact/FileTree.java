package dev.perennial.common.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** A directory with everything in it. */
record FileTree(Path root) {
    /** What changes when a file is written, without reading it. */
    record Stamp(String file, long bytes, FileTime modified) {}

    ArtifactRef reference() throws IOException {
        MessageDigest digest = sha256();
        long bytes = 0;
        try (OutputStream sink = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            for (Path file : files()) {
                String name = root.relativize(file).toString().replace('\\', '/');
                sink.write((name + '\0' + Files.size(file) + '\0').getBytes(StandardCharsets.UTF_8));
                try (InputStream in = Files.newInputStream(file)) {
                    bytes += in.transferTo(sink);
                }
            }
        }
        return new ArtifactRef(HexFormat.of().formatHex(digest.digest()), bytes);
    }

    List<Stamp> stamps() throws IOException {
        List<Stamp> stamps = new ArrayList<>();
        for (Path file : files()) {
            stamps.add(new Stamp(root.relativize(file).toString(), Files.size(file), Files.getLastModifiedTime(file)));
        }
        return stamps;
    }

    void copyTo(Path to) throws IOException {
        for (Path file : files()) {
            Path target = to.resolve(root.relativize(file).toString());
            Files.createDirectories(target.getParent() == null ? to : target.getParent());
            Files.copy(file, target);
        }
    }

    /** Returns when the files and their directories would outlive a power cut. */
    void force() throws IOException {
        for (Path path : deepestFirst()) {
            force(path);
        }
    }

    static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Does nothing when there is no such directory. */
    void delete() throws IOException {
        if (Files.exists(root)) {
            for (Path path : deepestFirst()) {
                Files.delete(path);
            }
        }
    }

    private List<Path> deepestFirst() throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.sorted(Comparator.reverseOrder()).toList();
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.filter(Files::isRegularFile)
                    .sorted(Comparator.comparing(file -> root.relativize(file).toString()))
                    .toList();
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
