package dev.perennial.registry.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.perennial.common.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterZipTest {
    private static final int LIMIT = 1000;

    @TempDir
    Path outside;

    private Path directory;
    private final AdapterZip zip = new AdapterZip(LIMIT);

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Files.createDirectory(outside.resolve("unpacked"));
    }

    @Test
    void unpacks_the_files_at_the_top() throws IOException {
        byte[] archive = archive("adapter_config.json", "{}", "adapter_model.safetensors", "weights");

        assertThat(unpack(archive)).isEqualTo(directory);
        assertThat(directory.resolve("adapter_model.safetensors")).hasContent("weights");
    }

    @Test
    void finds_an_adapter_that_was_zipped_with_its_directory() throws IOException {
        assertThat(unpack(archive("mine/adapter_config.json", "{}"))).isEqualTo(directory.resolve("mine"));
    }

    @Test
    void refuses_entries_that_would_lie_elsewhere() throws IOException {
        for (String name : new String[] {"../adapter_config.json", "/tmp/x", "a/../../x", "..\\x", "."}) {
            refused("outside", archive(name, "evil"));
        }
        assertThat(outside.resolve("adapter_config.json")).doesNotExist();
    }

    @Test
    void counts_inflated_bytes_and_stops_at_the_limit() throws IOException {
        refused("larger than 1000 bytes", archive("a.bin", "0".repeat(600), "b.bin", "0".repeat(600)));
        refused("larger than 1000 bytes", archive("bomb.bin", "0".repeat(1_000_000)));
    }

    @Test
    void refuses_too_many_entries() throws IOException {
        String[] entries = new String[140];
        for (int i = 0; i < entries.length; i += 2) {
            entries[i] = "file-" + i;
            entries[i + 1] = "";
        }
        refused("more than 64 entries", archive(entries));
    }

    @Test
    void refuses_what_is_no_archive_of_an_adapter() throws IOException {
        refused("not a zip archive", "not a zip at all".getBytes(StandardCharsets.UTF_8));
        refused("not a zip archive", new byte[0]);
        refused("no adapter_config.json", archive("readme.txt", "hello"));
    }

    @Test
    void refuses_an_archive_that_was_cut_off_or_damaged() throws IOException {
        byte[] whole = archive("adapter_config.json", "{\"peft_type\": \"LORA\", \"r\": 8, \"x\": \"abcdefgh\"}");
        refused("damaged", Arrays.copyOf(whole, 60));
        byte[] flipped = whole.clone();
        flipped[52] ^= 0x55;
        refused("damaged", flipped);
    }

    private Path unpack(byte[] archive) throws IOException {
        return zip.unpack(new ByteArrayInputStream(archive), directory);
    }

    private void refused(String why, byte[] archive) throws IOException {
        Path fresh = Files.createTempDirectory(outside, "fresh");
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> zip.unpack(new ByteArrayInputStream(archive), fresh))
                .withMessageContaining(why)
                .satisfies(problem -> assertThat(problem.status().value()).isEqualTo(400));
    }

    private static byte[] archive(String... namesAndContents) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (int i = 0; i < namesAndContents.length; i += 2) {
                out.putNextEntry(new ZipEntry(namesAndContents[i]));
                out.write(namesAndContents[i + 1].getBytes(StandardCharsets.UTF_8));
                out.closeEntry();
            }
        }
        return bytes.toByteArray();
    }
}
