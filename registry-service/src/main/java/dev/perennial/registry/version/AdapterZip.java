package dev.perennial.registry.version;

import dev.perennial.common.problem.ProblemException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/**
 * Unpacks an uploaded adapter. Sizes that the archive claims are not believed: bytes are counted as they are inflated
 * and written to disk, never gathered in memory.
 */
final class AdapterZip {
    private static final String CONFIG = "adapter_config.json";
    private static final int MAX_ENTRIES = 64;
    private static final int BUFFER = 1 << 16;

    private final long maxBytes;

    AdapterZip(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * Unpacks into an empty directory.
     *
     * @return the directory with the adapter's configuration: the given one or one below it
     * @throws ProblemException when it is no archive of an adapter, or is too large
     */
    Path unpack(InputStream archive, Path directory) throws IOException {
        Path found = null;
        long bytes = 0;
        int entries = 0;
        try (ZipInputStream zip = new ZipInputStream(archive)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (++entries > MAX_ENTRIES) {
                    throw refused("it has more than " + MAX_ENTRIES + " entries");
                }
                Path target = target(directory, entry.getName());
                if (!entry.isDirectory()) {
                    bytes += write(zip, target, maxBytes - bytes);
                    found = target.endsWith(CONFIG) && target.getParent() != null ? target.getParent() : found;
                }
            }
        } catch (ZipException | EOFException e) {
            throw refused("it is damaged (" + e.getMessage() + ")");
        } catch (IllegalArgumentException e) {
            throw refused("the name of an entry is not UTF-8");
        }
        if (found == null) {
            throw refused(entries == 0 ? "it is not a zip archive" : "it has no " + CONFIG);
        }
        return found;
    }

    private static Path target(Path directory, String name) {
        try {
            Path target = directory.resolve(name).normalize();
            if (name.indexOf('\\') >= 0 || !target.startsWith(directory) || target.equals(directory)) {
                throw refused("the entry '" + name + "' would lie outside of it");
            }
            return target;
        } catch (InvalidPathException e) {
            throw refused("the name of an entry is not a path");
        }
    }

    private long write(InputStream in, Path target, long limit) throws IOException {
        Path parent = target.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        if (Files.exists(target)) {
            throw refused("'" + target.getFileName() + "' is in it twice");
        }
        byte[] buffer = new byte[BUFFER];
        long written = 0;
        try (OutputStream out = Files.newOutputStream(target)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                written += n;
                if (written > limit) {
                    throw refused("its files are larger than " + maxBytes
                            + " bytes; raise perennial.registry.imports.max-unpacked if that is right");
                }
                out.write(buffer, 0, n);
            }
        }
        return written;
    }

    private static ProblemException refused(String why) {
        return ProblemException.badRequest(
                "adapter-archive",
                "The adapter archive is refused: " + why
                        + ". Send a zip of a PEFT directory with adapter_config.json and adapter_model.safetensors.");
    }
}
