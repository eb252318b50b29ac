package dev.perennial.scheduler.round;

import dev.perennial.common.catalog.ModelCatalog;
import dev.perennial.common.page.Page;
import dev.perennial.common.page.PageRequest;
import dev.perennial.common.problem.ProblemException;
import dev.perennial.common.spec.ModelSpec;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Rounds over HTTP. */
@RestController
final class RoundEndpoint {
    private final Rounds schedulerRounds;
    private final RoundViews schedulerRoundViews;
    private final ModelCatalog schedulerCatalog;
    private final Clock clock;

    RoundEndpoint(Rounds schedulerRounds, RoundViews schedulerRoundViews, ModelCatalog schedulerCatalog, Clock clock) {
        this.schedulerRounds = schedulerRounds;
        this.schedulerRoundViews = schedulerRoundViews;
        this.schedulerCatalog = schedulerCatalog;
        this.clock = clock;
    }

    /**
     * A wish for a round.
     *
     * @param generate whether to generate samples first; by default if the spec names a template
     * @param labels those to generate for; by default all
     */
    record Command(
            @Nullable Boolean generate,
            @Nullable List<String> labels,
            @Nullable String reason) {
        static final Command DEFAULT = new Command(null, null, null);
    }

    /** A wish that waits for the open round to end. */
    record Waiting(String triggerId, @Nullable Integer round, String message) {}

    @PostMapping("/api/models/{model}/rounds")
    ResponseEntity<Object> open(@PathVariable String model, @RequestBody(required = false) @Nullable Command body) {
        Command command = body == null ? Command.DEFAULT : body;
        ModelSpec spec = schedulerCatalog.require(model).spec();
        Trigger trigger = new Trigger(
                UUID.randomUUID().toString(),
                model,
                Cause.COMMAND,
                RoundCommands.reason(command.reason()),
                null,
                RoundCommands.wanted(spec, command.generate(), command.labels()),
                clock.instant());
        return schedulerRounds
                .command(trigger)
                .flatMap(round -> schedulerRoundViews.find(model, round.head().number()))
                .<ResponseEntity<Object>>map(
                        view -> ResponseEntity.status(HttpStatus.CREATED).body(view))
                .orElseGet(() -> ResponseEntity.accepted()
                        .body(new Waiting(trigger.id(), null, "It starts when the model's open round has ended.")));
    }

    @GetMapping("/api/models/{model}/rounds")
    Page<RoundViews.RoundView> list(
            @PathVariable String model,
            @RequestParam(defaultValue = "0") int page,
            @RequestParam(defaultValue = "50") int size) {
        schedulerCatalog.require(model);
        return schedulerRoundViews.list(model, new PageRequest(page, size));
    }

    @GetMapping("/api/models/{model}/rounds/{round}")
    RoundViews.RoundView round(@PathVariable String model, @PathVariable int round) {
        schedulerCatalog.require(model);
        return schedulerRoundViews
                .find(model, round)
                .orElseThrow(() -> ProblemException.notFound(
                        "round-unknown",
                        "'" + model + "' has no round " + round + "; GET /api/models/" + model
                                + "/rounds lists those it has."));
    }
}
