package dev.perennial.scorer.sample;

import dev.perennial.common.catalog.ModelCatalog;
import dev.perennial.common.page.Page;
import dev.perennial.common.page.PageRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Samples over HTTP. */
@RestController
final class SampleEndpoint {
    private final Samples samples;
    private final ModelCatalog catalog;

    SampleEndpoint(Samples scorerSamples, ModelCatalog scorerCatalog) {
        this.samples = scorerSamples;
        this.catalog = scorerCatalog;
    }

    @GetMapping("/api/models/{model}/samples")
    Page<SampleView> list(
            @PathVariable String model,
            @RequestParam(required = false) @Nullable String verdict,
            @RequestParam(required = false) @Nullable String source,
            @RequestParam(required = false) @Nullable String label,
            @RequestParam(required = false) @Nullable String generationId,
            @RequestParam(defaultValue = "0") int page,
            @RequestParam(defaultValue = "50") int size) {
        catalog.require(model);
        return samples.list(model, SampleQuery.of(verdict, source, label, generationId), new PageRequest(page, size));
    }

    @GetMapping("/api/models/{model}/samples/summary")
    SampleSummary summary(@PathVariable String model) {
        catalog.require(model);
        return samples.summary(model);
    }
}
