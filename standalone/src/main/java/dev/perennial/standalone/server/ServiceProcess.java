package dev.perennial.standalone.server;

import dev.perennial.evaluator.EvaluatorApplication;
import dev.perennial.generator.GeneratorApplication;
import dev.perennial.registry.RegistryApplication;
import dev.perennial.scheduler.SchedulerApplication;
import dev.perennial.scorer.ScorerApplication;
import dev.perennial.standalone.client.Service;
import dev.perennial.trainer.TrainerApplication;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;

/** One service as this process. */
public final class ServiceProcess {
    private ServiceProcess() {}

    /** Starts it and returns when it answers; it lives until the process is told to stop. */
    public static void run(Service service, int port, List<String> settings) {
        SpringApplication application = new SpringApplication(application(service));
        application.setLogStartupInfo(false);
        application.run(Stream.concat(
                        Stream.of("--server.port=" + port), settings.stream().map(setting -> "--" + setting))
                .toArray(String[]::new));
    }

    private static Class<?> application(Service service) {
        return switch (service) {
            case GENERATOR -> GeneratorApplication.class;
            case SCORER -> ScorerApplication.class;
            case SCHEDULER -> SchedulerApplication.class;
            case TRAINER -> TrainerApplication.class;
            case EVALUATOR -> EvaluatorApplication.class;
            case REGISTRY -> RegistryApplication.class;
        };
    }
}
