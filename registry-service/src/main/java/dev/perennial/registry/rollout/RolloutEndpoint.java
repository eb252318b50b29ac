package dev.perennial.registry.rollout;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.page.Page;
import dev.perennial.common.page.PageRequest;
import dev.perennial.registry.model.Models;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Rollouts over HTTP. */
@RestController
public final class RolloutEndpoint {
    private final Releases releases;
    private final Models models;
    private final RolloutViews views;

    RolloutEndpoint(Releases releases, Models models, ServiceSchema registrySchema) {
        this.releases = releases;
        this.models = models;
        this.views = new RolloutViews(registrySchema);
    }

    /** What a command asks for; all of it may be left out. */
    record Command(
            @Nullable Integer version,
            @Nullable Integer toVersion,
            @Nullable String reason) {
        static final Command EMPTY = new Command(null, null, null);

        String because() {
            return reason == null || reason.isBlank() ? "by command" : reason.strip();
        }
    }

    @GetMapping("/api/models/{name}/rollouts")
    Page<RolloutView> list(
            @PathVariable String name,
            @RequestParam(defaultValue = "0") int page,
            @RequestParam(defaultValue = "50") int size) {
        models.require(name);
        PageRequest request = new PageRequest(page, size);
        return request.of(views.page(name, request), views.count(name));
    }

    @PostMapping("/api/models/{name}/rollout/pause")
    RolloutView pause(@PathVariable String name, @RequestBody(required = false) @Nullable Command command) {
        releases.pause(name, given(command).because());
        return views.newest(name);
    }

    @PostMapping("/api/models/{name}/rollout/resume")
    RolloutView resume(@PathVariable String name, @RequestBody(required = false) @Nullable Command command) {
        releases.resume(name, given(command).because());
        return views.newest(name);
    }

    @PostMapping("/api/models/{name}/rollout/abort")
    RolloutView abort(@PathVariable String name, @RequestBody(required = false) @Nullable Command command) {
        releases.abort(name, given(command).because());
        return views.newest(name);
    }

    @PostMapping("/api/models/{name}/rollout/promote")
    RolloutView promote(@PathVariable String name, @RequestBody(required = false) @Nullable Command command) {
        releases.promote(name, given(command).because());
        return views.newest(name);
    }

    @PostMapping("/api/models/{name}/rollout/retry")
    RolloutView retry(@PathVariable String name, @RequestBody(required = false) @Nullable Command command) {
        releases.retry(name, given(command).version(), given(command).because());
        return views.newest(name);
    }

    /** Which version answers after a rollback. */
    record RolledBackTo(String model, int live) {}

    @PostMapping("/api/models/{name}/rollback")
    RolledBackTo rollBack(@PathVariable String name, @RequestBody(required = false) @Nullable Command command) {
        releases.rollBack(name, given(command).toVersion(), given(command).because());
        return new RolledBackTo(name, views.live(name));
    }

    private static Command given(@Nullable Command command) {
        return command == null ? Command.EMPTY : command;
    }
}
