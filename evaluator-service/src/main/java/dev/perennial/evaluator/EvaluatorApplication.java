package dev.perennial.evaluator;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The evaluator as a process of its own. */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import(EvaluatorConfiguration.class)
public class EvaluatorApplication {
    public static void main(String[] args) {
        SpringApplication.run(EvaluatorApplication.class, args);
    }
}
