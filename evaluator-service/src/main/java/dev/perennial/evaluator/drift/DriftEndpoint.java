package dev.perennial.evaluator.drift;

import dev.perennial.common.catalog.ModelCatalog;
import dev.perennial.common.event.DriftEvent.DriftDetected;
import dev.perennial.common.page.Page;
import dev.perennial.common.page.PageRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Drift over HTTP. */
@RestController
final class DriftEndpoint {
    private final ModelCatalog catalog;
    private final DriftWatch watch;
    private final DriftStore store;

    DriftEndpoint(ModelCatalog evaluatorCatalog, DriftWatch evaluatorDriftWatch, DriftStore evaluatorDriftStore) {
        this.catalog = evaluatorCatalog;
        this.watch = evaluatorDriftWatch;
        this.store = evaluatorDriftStore;
    }

    /**
     * A model's drift.
     *
     * @param now null while the model had no feedback
     * @param alarms newest first, with their evidence
     */
    record Drift(String model, @Nullable DriftStatus now, Page<DriftDetected> alarms) {}

    @GetMapping("/api/models/{model}/drift")
    Drift drift(
            @PathVariable String model,
            @RequestParam(defaultValue = "0") int page,
            @RequestParam(defaultValue = "50") int size) {
        catalog.require(model);
        return new Drift(model, watch.status(model).orElse(null), store.alarms(model, new PageRequest(page, size)));
    }
}
