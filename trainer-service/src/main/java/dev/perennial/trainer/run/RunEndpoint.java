package dev.perennial.trainer.run;

import dev.perennial.common.page.Page;
import dev.perennial.common.page.PageRequest;
import dev.perennial.common.problem.ProblemException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Training runs over HTTP. */
@RestController
final class RunEndpoint {
    private final RunViews trainerRunViews;

    RunEndpoint(RunViews trainerRunViews) {
        this.trainerRunViews = trainerRunViews;
    }

    @GetMapping("/api/runs")
    Page<RunViews.RunView> list(
            @RequestParam(required = false) @Nullable String model,
            @RequestParam(defaultValue = "0") int page,
            @RequestParam(defaultValue = "50") int size) {
        return trainerRunViews.list(model, new PageRequest(page, size));
    }

    @GetMapping("/api/runs/{runId}")
    RunViews.RunView run(@PathVariable String runId) {
        return trainerRunViews
                .find(runId)
                .orElseThrow(() -> ProblemException.notFound(
                        "run-unknown", "There is no run '" + runId + "'; GET /api/runs lists those there are."));
    }
}
