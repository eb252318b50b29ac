package dev.perennial.lora.hub;

import dev.perennial.lora.safetensors.Replacement;
import dev.perennial.lora.safetensors.SavedDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Where one model is kept: {@code <owner>/<name>@<commit>} for each finished commit, and in {@code <owner>/.<name>} a
 * lock, what branches and tags stood for, and what is not finished.
 */
record ModelCache(Path owner, String name) {
    private static final String UNFINISHED = ".unfinished";

    /** A file lock keeps other processes out, but is no lock between the threads of one. */
    private static final Map<Path, ReentrantLock> LOCKS = new ConcurrentHashMap<>();

    static ModelCache of(Path root, HubId id) {
        return new ModelCache(root.resolve(id.owner()), id.name());
    }

    private Path notes() {
        return owner.resolve("." + name);
    }

    Path snapshot(String commit) {
        return owner.resolve(name + "@" + commit);
    }

    /** Which model's snapshot, by its commit, a directory is; empty if it is none. */
    static Optional<HubId> holds(Path directory) {
        Path snapshot = directory.toAbsolutePath().normalize();
        Path owner = snapshot.getParent();
        if (owner == null) {
            return Optional.empty();
        }
        try {
            HubId id = HubId.parse(owner.getFileName() + "/" + snapshot.getFileName());
            boolean ours = HubId.isCommit(id.revision()) && Files.isDirectory(new ModelCache(owner, id.name()).notes());
            return ours ? Optional.of(id) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // a path like any other
        }
    }

    /** The commit that a revision stood for when it was last asked for, if all of it is here. */
    Optional<Path> finished(String revision) {
        return commit(revision).map(this::snapshot).filter(Files::isDirectory);
    }

    private Optional<String> commit(String revision) {
        if (HubId.isCommit(revision)) {
            return Optional.of(revision);
        }
        try {
            String commit = Files.exists(reference(revision)) ? Files.readString(reference(revision)) : "";
            return Optional.of(commit).filter(HubId::isCommit);
        } catch (IOException e) {
            throw new UncheckedIOException("could not read " + reference(revision), e);
        }
    }

    private Path reference(String revision) {
        return notes().resolve("revision-" + URLEncoder.encode(revision, StandardCharsets.UTF_8));
    }

    void remember(String revision, String commit) {
        if (!HubId.isCommit(revision)) {
            Replacement.write(reference(revision), out -> out.write(commit.getBytes(StandardCharsets.US_ASCII)));
        }
    }

    Path unfinished(String commit) throws IOException {
        return Files.createDirectories(notes().resolve(commit + UNFINISHED));
    }

    /** Makes a complete directory the commit's, and deletes what was left of other attempts. */
    void finish(String commit) throws IOException {
        Files.move(notes().resolve(commit + UNFINISHED), snapshot(commit), StandardCopyOption.ATOMIC_MOVE);
        for (Path left : list(notes())) {
            if (left.toString().endsWith(UNFINISHED)) {
                SavedDirectory.delete(left);
            }
        }
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    /** Runs while no other thread or process does the same for this model. */
    <T> T alone(Supplier<T> work) {
        ReentrantLock threads = LOCKS.computeIfAbsent(notes(), _ -> new ReentrantLock());
        threads.lock();
        try {
            Files.createDirectories(notes());
            try (FileChannel file = FileChannel.open(
                            notes().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock _ = file.lock()) {
                return work.get();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not use the cache " + notes(), e);
        } finally {
            threads.unlock();
        }
    }
}
