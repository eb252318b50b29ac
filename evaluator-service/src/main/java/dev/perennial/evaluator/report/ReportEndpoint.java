package dev.perennial.evaluator.report;

import dev.perennial.common.catalog.ModelCatalog;
import dev.perennial.common.page.Page;
import dev.perennial.common.page.PageRequest;
import dev.perennial.common.problem.ProblemException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Reports over HTTP. */
@RestController
final class ReportEndpoint {
    private final ModelCatalog catalog;
    private final Reports reports;

    ReportEndpoint(ModelCatalog evaluatorCatalog, Reports evaluatorReports) {
        this.catalog = evaluatorCatalog;
        this.reports = evaluatorReports;
    }

    @GetMapping("/api/models/{model}/reports")
    Page<Reports.Summary> list(
            @PathVariable String model,
            @RequestParam(defaultValue = "0") int page,
            @RequestParam(defaultValue = "50") int size) {
        catalog.require(model);
        return reports.list(model, new PageRequest(page, size));
    }

    @GetMapping("/api/reports/{reportId}")
    Report find(@PathVariable String reportId) {
        return reports.find(reportId)
                .orElseThrow(() -> ProblemException.notFound(
                        "report-unknown",
                        "There is no report '" + reportId + "'; GET /api/models/{model}/reports lists a model's."));
    }
}
