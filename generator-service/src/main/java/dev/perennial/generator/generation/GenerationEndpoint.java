package dev.perennial.generator.generation;

import dev.perennial.common.page.Page;
import dev.perennial.common.page.PageRequest;
import dev.perennial.common.problem.ProblemException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Generation runs over HTTP. */
@RestController
public final class GenerationEndpoint {
    private final GenerationStore generations;

    GenerationEndpoint(GenerationStore generations) {
        this.generations = generations;
    }

    @GetMapping("/api/models/{model}/generations")
    Page<GenerationView> list(
            @PathVariable String model,
            @RequestParam(defaultValue = "0") int page,
            @RequestParam(defaultValue = "50") int size) {
        return generations.list(model, new PageRequest(page, size));
    }

    @GetMapping("/api/generations/{generationId}")
    GenerationView get(@PathVariable String generationId) {
        return generations
                .view(generationId)
                .orElseThrow(() -> ProblemException.notFound(
                        "generation-unknown",
                        "There is no generation '" + generationId
                                + "'; GET /api/models/{model}/generations lists those of a model."));
    }
}
