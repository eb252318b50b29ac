package dev.perennial.common.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryArtifactStoreTest {
    @TempDir
    Path temporary;

    @Test
    void what_was_stored_opens_with_the_same_files() throws IOException {
        ArtifactStore store = store();
        ArtifactRef reference = store.store(directory("a", "one"));

        assertThat(store.open(reference).resolve("nested/file.txt")).hasContent("one");
        assertThat(reference.bytes()).isEqualTo(3);
    }

    @Test
    void the_same_content_has_one_address_and_other_content_another() throws IOException {
        ArtifactStore store = store();
        ArtifactRef first = store.store(directory("a", "one"));

        assertThat(store.store(directory("b", "one"))).isEqualTo(first);
        assertThat(store.store(directory("c", "two"))).isNotEqualTo(first);
    }

    @Test
    void changed_bytes_are_noticed() throws IOException {
        ArtifactRef reference = store().store(directory("a", "one"));
        Files.writeString(temporary.resolve("store").resolve(reference.sha256()).resolve("nested/file.txt"), "eno");

        assertThatThrownBy(() -> store().open(reference)).isInstanceOf(ArtifactCorruptException.class);
    }

    @Test
    void bytes_changed_after_the_first_opening_are_noticed() throws IOException {
        ArtifactStore store = store();
        ArtifactRef reference = store.store(directory("a", "one"));
        Path file = store.open(reference).resolve("nested/file.txt");
        Files.writeString(file, "eno");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1));

        assertThatThrownBy(() -> store.open(reference)).isInstanceOf(ArtifactCorruptException.class);
    }

    @Test
    void a_damaged_artifact_is_replaced_when_its_content_is_stored_again() throws IOException {
        ArtifactRef reference = store().store(directory("a", "one"));
        Path stored = temporary.resolve("store").resolve(reference.sha256());
        Files.delete(stored.resolve("nested/file.txt"));
        Files.writeString(stored.resolve("other.txt"), "damage");

        ArtifactStore store = store();
        assertThat(store.store(directory("b", "one"))).isEqualTo(reference);

        assertThat(store.open(reference).resolve("nested/file.txt")).hasContent("one");
        assertOnly(reference);
    }

    @Test
    void writers_of_the_same_content_at_once_all_succeed_and_leave_one_copy() throws Exception {
        Path content = directory("a", "one");
        CyclicBarrier together = new CyclicBarrier(8);
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<ArtifactRef>> writers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                writers.add(threads.submit(() -> {
                    ArtifactStore store = store();
                    together.await();
                    return store.store(content);
                }));
            }
            for (Future<ArtifactRef> writer : writers) {
                assertThat(writer.get().bytes()).isEqualTo(3);
            }
        }
        assertOnly(store().store(content));
    }

    @Test
    void nothing_is_left_behind_when_the_content_cannot_be_published() throws IOException {
        ArtifactRef reference = store().store(directory("a", "one"));
        Path elsewhere = Files.createDirectories(temporary.resolve("elsewhere"));
        // No directory can be renamed onto a link that leads nowhere.
        Files.createSymbolicLink(elsewhere.resolve(reference.sha256()), elsewhere.resolve("nowhere"));

        ArtifactStore store = new DirectoryArtifactStore(elsewhere);
        assertThatThrownBy(() -> store.store(temporary.resolve("a"))).isInstanceOf(UncheckedIOException.class);

        try (Stream<Path> entries = Files.list(elsewhere)) {
            assertThat(entries).containsExactly(elsewhere.resolve(reference.sha256()));
        }
    }

    @Test
    void an_unknown_reference_is_missing() {
        assertThatThrownBy(() -> store().open(new ArtifactRef("0".repeat(64), 0)))
                .isInstanceOf(ArtifactMissingException.class);
    }

    @Test
    void a_reference_cannot_leave_the_store() {
        assertThatThrownBy(() -> new ArtifactRef("../../etc", 0)).isInstanceOf(IllegalArgumentException.class);
    }

    private void assertOnly(ArtifactRef reference) throws IOException {
        Path root = temporary.resolve("store");
        try (Stream<Path> entries = Files.list(root)) {
            assertThat(entries).containsExactly(root.resolve(reference.sha256()));
        }
    }

    private ArtifactStore store() {
        return new DirectoryArtifactStore(temporary.resolve("store"));
    }

    private Path directory(String name, String content) throws IOException {
        Path nested = Files.createDirectories(temporary.resolve(name).resolve("nested"));
        Files.writeString(nested.resolve("file.txt"), content);
        return temporary.resolve(name);
    }
}
