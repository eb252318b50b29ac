package dev.perennial.registry;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Import;

/** The registry as a process of its own. */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import(RegistryConfiguration.class)
public class RegistryApplication {
    public static void main(String[] arguments) {
        application().run(arguments);
    }

    /** Traffic is sent here only when every live version is loaded. */
    static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(RegistryApplication.class)
                .properties("management.endpoint.health.group.readiness.include=readinessState,registryServing");
    }
}
