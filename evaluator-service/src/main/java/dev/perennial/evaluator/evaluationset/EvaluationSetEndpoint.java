package dev.perennial.evaluator.evaluationset;

import dev.perennial.common.catalog.ModelCatalog;
import dev.perennial.common.page.Page;
import dev.perennial.common.page.PageRequest;
import dev.perennial.common.problem.ProblemException;
import dev.perennial.common.spec.ModelSpec;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Evaluation sets over HTTP. An upload is taken as a whole or not at all. */
@RestController
final class EvaluationSetEndpoint {
    /** Errors that one answer tells; the count tells of the others. */
    private static final int ERRORS_TOLD = 100;

    private final ModelCatalog catalog;
    private final EvaluationSets sets;

    EvaluationSetEndpoint(ModelCatalog evaluatorCatalog, EvaluationSets evaluatorEvaluationSets) {
        this.catalog = evaluatorCatalog;
        this.sets = evaluatorEvaluationSets;
    }

    /**
     * What an upload did.
     *
     * @param samples texts of the set now
     * @param repeated rows that were left out because they repeat an earlier one
     * @param changed false when the set had this content already
     */
    record Declared(String set, int samples, int repeated, boolean changed) {}

    @PutMapping(
            path = "/api/models/{model}/evaluation-sets/{set}",
            consumes = {"application/x-ndjson", "application/jsonl", "application/json"})
    Declared putJsonLines(@PathVariable String model, @PathVariable String set, @RequestBody byte[] body) {
        return put(model, set, RowFormat.JSON_LINES, body);
    }

    @PutMapping(path = "/api/models/{model}/evaluation-sets/{set}", consumes = "text/csv")
    Declared putCsv(@PathVariable String model, @PathVariable String set, @RequestBody byte[] body) {
        return put(model, set, RowFormat.CSV, body);
    }

    @GetMapping("/api/models/{model}/evaluation-sets")
    Page<EvaluationSets.Summary> list(
            @PathVariable String model,
            @RequestParam(defaultValue = "0") int page,
            @RequestParam(defaultValue = "50") int size) {
        catalog.require(model);
        return sets.list(model, new PageRequest(page, size));
    }

    private Declared put(String model, String set, RowFormat format, byte[] body) {
        ModelSpec spec = catalog.require(model).spec();
        if (!spec.evaluation().sets().contains(set)) {
            throw ProblemException.notFound(
                    "evaluation-set-unknown",
                    "The spec of '" + model + "' has no evaluation set '" + set + "', only "
                            + String.join(", ", spec.evaluation().sets())
                            + "; use one of these or add it to evaluation.sets first.");
        }
        CheckedRows rows = CheckedRows.check(format.read(body), spec.task().labels());
        if (!rows.errors().isEmpty()) {
            throw refused(rows.errors());
        }
        if (rows.texts().isEmpty()) {
            throw ProblemException.badRequest(
                    "no-rows", "The body has no rows; send at least one text with its label. Nothing was changed.");
        }
        boolean changed = sets.declare(model, set, rows.texts());
        return new Declared(set, rows.texts().size(), rows.repeated(), changed);
    }

    private static ProblemException refused(List<RowError> errors) {
        RowError first = errors.getFirst();
        return new ProblemException(
                HttpStatus.BAD_REQUEST,
                "invalid-rows",
                errors.size() + (errors.size() == 1 ? " row is" : " rows are")
                        + " wrong and nothing was changed; correct them and send the whole set again. Row "
                        + first.row()
                        + " " + first.message() + ".",
                Map.of("rows", errors.subList(0, Math.min(errors.size(), ERRORS_TOLD)), "wrongRows", errors.size()));
    }
}
