package dev.perennial.common.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    void an_unknown_reference_is_missing() {
        assertThatThrownBy(() -> store().open(new ArtifactRef("0".repeat(64), 0)))
                .isInstanceOf(ArtifactMissingException.class);
    }

    @Test
    void a_reference_cannot_leave_the_store() {
        assertThatThrownBy(() -> new ArtifactRef("../../etc", 0)).isInstanceOf(IllegalArgumentException.class);
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
