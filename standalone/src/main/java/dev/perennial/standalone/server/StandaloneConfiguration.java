package dev.perennial.standalone.server;

import dev.perennial.evaluator.EvaluatorConfiguration;
import dev.perennial.generator.GeneratorConfiguration;
import dev.perennial.registry.RegistryConfiguration;
import dev.perennial.scheduler.SchedulerConfiguration;
import dev.perennial.scorer.ScorerConfiguration;
import dev.perennial.trainer.TrainerConfiguration;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** All six services in one context. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({
    GeneratorConfiguration.class,
    ScorerConfiguration.class,
    SchedulerConfiguration.class,
    TrainerConfiguration.class,
    EvaluatorConfiguration.class,
    RegistryConfiguration.class
})
class StandaloneConfiguration {}
