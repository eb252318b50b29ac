package dev.perennial.common;

import dev.perennial.common.artifact.ArtifactStore;
import dev.perennial.common.artifact.DirectoryArtifactStore;
import dev.perennial.common.job.JobSettings;
import dev.perennial.common.messaging.MessagingConfiguration;
import dev.perennial.common.problem.BodyLimitFilter;
import dev.perennial.common.problem.ProblemAdvice;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** What every service imports: messaging, artifacts, problem details, the clock. */
@Configuration(proxyBeanMethods = false)
@Import({MessagingConfiguration.class, ProblemAdvice.class})
@EnableConfigurationProperties({JobSettings.class, PlumbingSettings.class})
public class PlumbingConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    ArtifactStore artifactStore(PlumbingSettings settings) {
        return new DirectoryArtifactStore(settings.artifacts());
    }

    @Bean
    BodyLimitFilter bodyLimitFilter(
            PlumbingSettings settings, @Qualifier("handlerExceptionResolver") HandlerExceptionResolver resolver) {
        return new BodyLimitFilter(settings.maxBody(), resolver);
    }
}
