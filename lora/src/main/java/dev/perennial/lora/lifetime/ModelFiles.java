package dev.perennial.lora.lifetime;

import dev.perennial.lora.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** A model directory as it is now: after a change of its files it is another one. */
public record ModelFiles(Path directory, Map<Path, FileTime> modified) {
    public static ModelFiles of(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            Map<Path, FileTime> modified = new HashMap<>();
            for (Path file : files.toList()) {
                modified.put(file.getFileName(), Files.getLastModifiedTime(file));
            }
            return new ModelFiles(directory.toRealPath(), modified);
        } catch (IOException e) {
            throw new ModelFormatException(directory + " cannot be read: " + e.getMessage(), e);
        }
    }
}
