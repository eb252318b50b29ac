package dev.perennial.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Creates the files of a PostgreSQL cluster. */
final class PostgresCluster {
    private PostgresCluster() {}

    /** Runs initdb beside the target and renames, so that a kill half-way leaves no half-made cluster behind. */
    static void createIfAbsent(PostgresBinaries binaries, Path cluster) throws IOException {
        if (Files.isDirectory(cluster)) {
            return;
        }
        Path partial = cluster.resolveSibling(cluster.getFileName() + ".partial");
        Directories.delete(partial);
        initialize(binaries, partial);
        Files.move(partial, cluster, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void initialize(PostgresBinaries binaries, Path directory) throws IOException {
        Process initdb = new ProcessBuilder(Unprivileged.command(List.of(
                        binaries.program("initdb"),
                        "--pgdata=" + directory,
                        "--username=postgres",
                        "--auth=trust",
                        "--encoding=UTF8",
                        "--no-locale")))
                .redirectErrorStream(true)
                .start();
        String output = new String(initdb.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (initdb.waitFor() != 0) {
                throw new EmbeddedServerException("initdb failed" + Unprivileged.hint() + ": "
                        + output.strip().replace("\n", " | "));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedServerException("Interrupted while creating the PostgreSQL cluster", e);
        }
    }
}
