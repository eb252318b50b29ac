package dev.perennial.scheduler.pool;

import dev.perennial.common.catalog.ModelCatalog;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** A model's pool over HTTP. */
@RestController
final class PoolEndpoint {
    private final SamplePool schedulerPool;
    private final ModelCatalog schedulerCatalog;

    PoolEndpoint(SamplePool schedulerPool, ModelCatalog schedulerCatalog) {
        this.schedulerPool = schedulerPool;
        this.schedulerCatalog = schedulerCatalog;
    }

    /**
     * A model's pool.
     *
     * @param sinceSnapshot accepted samples that no training set has taken into account
     * @param every how many of those start a round
     */
    record PoolView(
            String model,
            long real,
            long synthetic,
            long rejected,
            long sinceSnapshot,
            int every,
            List<SamplePool.LabelCount> labels) {}

    @GetMapping("/api/models/{model}/pool")
    PoolView pool(@PathVariable String model) {
        int every = schedulerCatalog.require(model).spec().scheduling().every().samples();
        SamplePool.Counts counts =
                schedulerPool.counts(model).orElseGet(() -> new SamplePool.Counts(model, 0, 0, 0, 0));
        return new PoolView(
                model,
                counts.real(),
                counts.synthetic(),
                counts.rejected(),
                counts.sinceSnapshot(),
                every,
                schedulerPool.labels(model));
    }
}
