package dev.perennial.benchmarks.lora;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;

/** One run of the library, the main class of its own process: {@code JavaRun JOB.json RESULT.json}. */
final class JavaRun {
    private JavaRun() {}

    public static void main(String[] arguments) throws IOException {
        JsonMapper json = JsonMapper.shared();
        Job job = json.readValue(Files.readAllBytes(Path.of(arguments[0])), Job.class);
        JobData data = json.readValue(Files.readAllBytes(Path.of(job.data())), JobData.class);
        Measurement result = switch (job.kind()) {
            case ENCODER -> EncoderRun.run(job, data);
            case DECODER -> DecoderRun.run(job, data);
            case GENERATION -> GenerationRun.run(job, data);
        };
        Files.writeString(Path.of(arguments[1]), json.writeValueAsString(result));
    }
}
