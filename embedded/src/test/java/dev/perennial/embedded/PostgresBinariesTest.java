package dev.perennial.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class PostgresBinariesTest {
    @TempDir
    Path temporary;

    @Test
    void finds_the_archive_of_a_platform_by_javas_names_for_it() {
        assertThat(PostgresBinaries.archiveName("Linux", "amd64")).isEqualTo("/postgres-linux-x86_64.txz");
        assertThat(PostgresBinaries.archiveName("Linux", "aarch64")).isEqualTo("/postgres-linux-arm_64.txz");
        assertThat(PostgresBinaries.archiveName("Mac OS X", "x86_64")).isEqualTo("/postgres-darwin-x86_64.txz");
    }

    @Test
    void what_another_process_unpacked_meanwhile_is_kept() throws IOException {
        URL archive = archive();
        Path cache = Files.createDirectories(temporary.resolve("cache"));
        Path home = cache.resolve("postgres-1");

        PostgresBinaries.unpack(archive, home);
        Files.writeString(home.resolve("bin/initdb"), "theirs");
        PostgresBinaries.unpack(archive, home);

        assertThat(home.resolve("bin/initdb")).hasContent("theirs");
        assertHolds(cache, home);
    }

    @Test
    void a_broken_archive_leaves_nothing_behind() throws IOException {
        Path broken = Files.writeString(temporary.resolve("broken.txz"), "no archive");
        URL archive = broken.toUri().toURL();
        Path cache = Files.createDirectories(temporary.resolve("cache"));

        assertThatThrownBy(() -> PostgresBinaries.unpack(archive, cache.resolve("postgres-1")))
                .isInstanceOf(IOException.class);

        assertHolds(cache);
    }

    private static void assertHolds(Path directory, Path... entries) throws IOException {
        try (Stream<Path> found = Files.list(directory)) {
            assertThat(found).containsExactlyInAnyOrder(entries);
        }
    }

    private URL archive() throws IOException {
        Path file = temporary.resolve("postgres.txz");
        byte[] program = "ours".getBytes(StandardCharsets.UTF_8);
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(
                new XZOutputStream(Files.newOutputStream(file), new LZMA2Options(LZMA2Options.PRESET_MIN)))) {
            TarArchiveEntry entry = new TarArchiveEntry("bin/initdb");
            entry.setSize(program.length);
            tar.putArchiveEntry(entry);
            tar.write(program);
            tar.closeArchiveEntry();
        }
        return file.toUri().toURL();
    }
}
