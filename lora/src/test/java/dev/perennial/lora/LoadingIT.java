package dev.perennial.lora;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.lora.decoder.GoldenDecoder;
import dev.perennial.lora.safetensors.SafetensorsFile;
import dev.perennial.lora.safetensors.SafetensorsWriter;
import dev.perennial.lora.safetensors.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a JVM of its own, for the limits on what it may allocate. */
class LoadingIT {
    private static final int WORDS = 800_000;
    private static final int WIDTH = 16;
    private static final long WEIGHT_KB = (4L * WORDS * WIDTH) >> 10; // 50,000

    @TempDir
    Path directory;

    @Test
    void aModelWhoseTensorsAreLargerThanTheHeapIsLoadedWithoutACopyOfThem() throws IOException, InterruptedException {
        Path model = Files.createDirectory(directory.resolve("model"));
        write(model);
        Path output = directory.resolve("output");
        Process process = ChildJvm.start(
                LoadingProcess.class,
                output,
                List.of("-Xmx32m", "-XX:MaxDirectMemorySize=8m", "-XX:+UseSerialGC"),
                List.of(model.toString()));
        try {
            assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        String said = Files.readString(output);
        assertThat(process.exitValue()).as(said).isZero();
        List<String> opened =
                List.of(said.substring(said.indexOf("opened ")).trim().split(" "));
        long grown = Long.parseLong(opened.get(6)) - Long.parseLong(opened.get(3));
        System.out.println("a model of " + 2 * WEIGHT_KB + " kB took " + grown + " kB");
        assertThat(grown).as(said).isBetween(2 * WEIGHT_KB, 3 * WEIGHT_KB);
    }

    private static void write(Path model) throws IOException {
        Path golden = GoldenDecoder.directory("llama");
        String config = Files.readString(golden.resolve("config.json"));
        assertThat(config).contains("\"vocab_size\": 29", "\"hidden_size\": " + WIDTH);
        Files.writeString(
                model.resolve("config.json"), config.replace("\"vocab_size\": 29", "\"vocab_size\": " + WORDS));
        Map<String, Tensor> tensors = new TreeMap<>();
        try (SafetensorsFile file = SafetensorsFile.open(golden.resolve("model.safetensors"))) {
            file.names().forEach(name -> tensors.put(name, file.tensor(name)));
        }
        for (String name : List.of("model.embed_tokens.weight", "lm_head.weight")) {
            tensors.put(name, Tensor.of(new float[WORDS * WIDTH], WORDS, WIDTH));
        }
        SafetensorsWriter.write(model.resolve("model.safetensors"), new TreeMap<>(), tensors);
    }
}
