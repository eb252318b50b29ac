package dev.perennial.lora.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.lora.half.HalfType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DeviceReportTest {
    @Test
    void readsWhatTheDriverListsAndPassesOverWhatIsNoGpu() {
        List<Gpu> gpus = Gpu.parse("""
                0, NVIDIA H200, 580.159.03, 143771, 143100, 9.0
                1, NVIDIA Some, Inc, 1, 2, 3, 4
                NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.
                2, Broken, [N/A], [N/A], [N/A], [N/A]
                """);
        assertThat(gpus)
                .containsExactly(
                        new Gpu(0, "NVIDIA H200", "580.159.03", new Memory(143771L << 20, 143100L << 20), "9.0"));
    }

    @Test
    @Tag("golden")
    void thisProcessComputesInFull32BitsAndCanUseHalfPrecision() {
        DeviceReport report = DeviceReport.current();
        assertThat(report.engine()).isEqualTo("PyTorch 2.7.1");
        assertThat(report.bridge()).isEqualTo("DJL 0.35.1");
        assertThat(report.roundsProducts()).isFalse();
        assertThat(report.half()).containsEntry(HalfType.FLOAT16, "available");
        assertThat(report.threads()).isPositive();
        assertThat(report.memory().free()).isBetween(1L, report.memory().total());
        if (report.device().equals("cpu")) {
            assertThat(report.deviceMemory()).isEmpty();
            assertThat(report.half().get(HalfType.BFLOAT16)).startsWith("not tried");
        } else {
            assertThat(report.flavor()).startsWith("cu");
            assertThat(report.half()).containsEntry(HalfType.BFLOAT16, "available");
        }
    }

    @Test
    void theTextSaysWhatThereIs() {
        Memory memory = new Memory(24L << 30, 6L << 30);
        Gpu gpu = new Gpu(0, "NVIDIA H200", "580.1", new Memory(140L << 30, 139L << 30), "9.0");
        DeviceReport report = new DeviceReport(
                "auto",
                "cpu",
                "there is a GPU",
                "PyTorch 2.7.1",
                "cpu",
                "/torch",
                "DJL 0.35.1",
                2,
                4,
                memory,
                Optional.empty(),
                List.of(gpu),
                "float32",
                true,
                Map.of(HalfType.FLOAT16, "available"));
        assertThat(report.text()).isEqualTo("""
                device: cpu (asked for: auto)
                note: there is a GPU
                GPU 0: NVIDIA H200, driver 580.1, 140.0 GiB, 139.0 GiB free, compute capability 9.0
                memory: 24.0 GiB, 6.0 GiB free
                processors: 4, engine threads 2
                engine: PyTorch 2.7.1, flavor cpu, DJL 0.35.1
                library: /torch
                compute type: float32, products rounded to TensorFloat-32
                float16: available
                bfloat16: not tried""");
    }
}
