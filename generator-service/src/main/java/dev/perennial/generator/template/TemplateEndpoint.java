package dev.perennial.generator.template;

import dev.perennial.common.page.Page;
import dev.perennial.common.page.PageRequest;
import dev.perennial.common.problem.ProblemException;
import dev.perennial.generator.template.TemplateStore.Listed;
import dev.perennial.generator.template.TemplateStore.Stored;
import dev.perennial.generator.template.TemplateStore.Versioned;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Prompt templates over HTTP. */
@RestController
@RequestMapping(path = "/api/templates", produces = MediaType.APPLICATION_JSON_VALUE)
public final class TemplateEndpoint {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    private final TemplateStore templates;

    TemplateEndpoint(TemplateStore templates) {
        this.templates = templates;
    }

    @PutMapping("/{name}")
    Stored put(@PathVariable String name, @RequestBody String yaml) {
        if (!NAME.matcher(name).matches()) {
            throw ProblemException.badRequest(
                    "invalid-name", "Name a template with lower-case letters, digits and hyphens, at most 63.");
        }
        return templates.put(TemplateReader.read(name, yaml));
    }

    @GetMapping
    Page<Listed> list(@RequestParam(defaultValue = "0") int page, @RequestParam(defaultValue = "50") int size) {
        return templates.list(new PageRequest(page, size));
    }

    @GetMapping("/{name}")
    Versioned get(@PathVariable String name, @RequestParam(required = false) @Nullable Integer version) {
        Optional<Versioned> found = version == null ? templates.current(name) : templates.version(name, version);
        return found.orElseThrow(() -> ProblemException.notFound(
                "template-unknown",
                "There is no template '" + name + "'" + (version == null ? "" : " with version " + version)
                        + "; send one with PUT /api/templates/" + name + "."));
    }
}
