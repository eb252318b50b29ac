package dev.perennial.scheduler.dataset;

import dev.perennial.common.catalog.ModelCatalog;
import dev.perennial.common.page.Page;
import dev.perennial.common.page.PageRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** A model's training sets over HTTP. */
@RestController
final class DatasetEndpoint {
    private final Datasets schedulerDatasets;
    private final ModelCatalog schedulerCatalog;

    DatasetEndpoint(Datasets schedulerDatasets, ModelCatalog schedulerCatalog) {
        this.schedulerDatasets = schedulerDatasets;
        this.schedulerCatalog = schedulerCatalog;
    }

    @GetMapping("/api/models/{model}/datasets")
    Page<Datasets.Dataset> list(
            @PathVariable String model,
            @RequestParam(defaultValue = "0") int page,
            @RequestParam(defaultValue = "50") int size) {
        schedulerCatalog.require(model);
        return schedulerDatasets.list(model, new PageRequest(page, size));
    }
}
