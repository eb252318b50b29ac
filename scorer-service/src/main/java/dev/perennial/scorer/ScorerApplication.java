package dev.perennial.scorer;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The scorer as a process of its own. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(ScorerConfiguration.class)
public class ScorerApplication {
    public static void main(String[] arguments) {
        SpringApplication.run(ScorerApplication.class, arguments);
    }
}
