package dev.perennial.lora.gpucheck;

import dev.perennial.lora.device.DeviceReport;
import dev.perennial.lora.tensor.DeviceUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** Runs the golden tests on the device that the process is given and writes the report, without a build tool. */
final class GpuCheck {
    private GpuCheck() {}

    /**
     * Ends with 0 if all passed, 1 if not, 2 if the device asked for is not there.
     *
     * @param arguments the file to write, and what the sources are called
     */
    public static void main(String[] arguments) throws IOException {
        try {
            DeviceReport device = DeviceReport.current();
            System.err.println(device.text());
            Report report = new Report(
                    "Made at %s by `gpu-check` of %s."
                            .formatted(Instant.now().truncatedTo(ChronoUnit.SECONDS), arguments[1]),
                    machine(device),
                    !device.device().equals("cpu"),
                    GoldenTests.run("dev.perennial.lora", GpuCheck.class.getPackageName()));
            Files.writeString(Path.of(arguments[0]), report.markdown());
            System.exit(report.passed() ? 0 : 1);
        } catch (DeviceUnavailableException e) {
            System.err.println("gpu-check: " + e.getMessage());
            System.exit(2);
        }
    }

    private static Map<String, String> machine(DeviceReport device) {
        Map<String, String> machine = new LinkedHashMap<>(device.entries());
        machine.put("system", property("os.name") + " " + property("os.version") + ", " + property("os.arch"));
        machine.put("Java", property("java.vm.name") + " " + property("java.runtime.version"));
        return machine;
    }

    private static String property(String name) {
        return System.getProperty(name, "?");
    }
}
