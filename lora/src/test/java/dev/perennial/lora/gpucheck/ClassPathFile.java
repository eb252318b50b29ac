package dev.perennial.lora.gpucheck;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Writes what the tests run on, an entry a line, for the launcher to carry it elsewhere; runs only when asked for. */
@EnabledIfSystemProperty(named = "gpu-check.classpath", matches = ".+")
class ClassPathFile {
    @Test
    void writesWhatTheTestsRunOn() throws IOException {
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Files.write(Path.of(System.getProperty("gpu-check.classpath")), List.of(path.split(File.pathSeparator)));
    }
}
