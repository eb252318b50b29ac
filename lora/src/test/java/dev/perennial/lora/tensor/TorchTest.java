package dev.perennial.lora.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchTest {
    @TempDir
    Path directory;

    @Test
    void whatIsMadeLiesOnTheProcesssDeviceAndComesBackAsItWas() {
        try (PtNDManager memory = Torch.memory()) {
            PtNDArray floats = Torch.floats(memory, new float[] {1, -2.5f, 3e-9f}, 3);
            List<PtNDArray> made = List.of(
                    floats, Torch.longs(memory, new long[] {7}, 1), Torch.scalar(memory, 1), Torch.zeros(memory, 2));
            assertThat(made).extracting(PtNDArray::getDevice).containsOnly(Torch.device());
            assertThat(Torch.values(floats)).containsExactly(1, -2.5f, 3e-9f);
            assertThat(memory.getManagedArrays()).as("reading leaves nothing").hasSameSizeAs(made);
        }
    }

    @Test
    void aDeviceThatIsNotThereIsNamedEachTimeItIsAskedFor() throws Exception {
        Path output = directory.resolve("output");
        Process child = ChildJvm.start(Attempts.class, output, List.of("-Dperennial.device=cuda:99"), List.of());
        assertThat(child.waitFor()).as(Files.readString(output)).isZero();
        try (Stream<String> lines = Files.lines(output)) {
            assertThat(lines.filter(line -> line.startsWith("refused: cuda:99 is asked for, but")))
                    .hasSize(2);
        }
    }

    /** Asks twice. */
    static final class Attempts {
        private Attempts() {}

        public static void main(String[] args) throws IOException {
            for (int i = 0; i < 2; i++) {
                try (PtNDManager _ = Torch.memory()) {
                    System.out.println("given");
                } catch (DeviceUnavailableException e) {
                    System.out.println("refused: " + e.getMessage());
                }
            }
        }
    }
}
