package dev.perennial.scheduler.dataset;

import dev.perennial.common.artifact.ArtifactStore;
import dev.perennial.common.database.ServiceSchema;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The parts that make and list training sets. */
@Configuration(proxyBeanMethods = false)
@Import(DatasetEndpoint.class)
public class DatasetConfiguration {

    @Bean
    DatasetFiles schedulerDatasetFiles(ArtifactStore artifactStore) {
        return new DatasetFiles(artifactStore);
    }

    @Bean
    Datasets schedulerDatasets(ServiceSchema schedulerSchema) {
        return new Datasets(schedulerSchema);
    }
}
