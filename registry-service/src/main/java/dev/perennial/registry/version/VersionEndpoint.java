package dev.perennial.registry.version;

import dev.perennial.common.page.Page;
import dev.perennial.common.page.PageRequest;
import dev.perennial.registry.model.Models;
import java.io.InputStream;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Versions over HTTP. */
@RestController
public final class VersionEndpoint {
    private final Models models;
    private final Versions versions;
    private final AdapterImport imports;

    VersionEndpoint(Models models, Versions versions, AdapterImport imports) {
        this.models = models;
        this.versions = versions;
        this.imports = imports;
    }

    @GetMapping("/api/models/{name}/versions")
    Page<ModelVersion> list(
            @PathVariable String name,
            @RequestParam(defaultValue = "0") int page,
            @RequestParam(defaultValue = "50") int size) {
        models.require(name);
        return versions.page(name, new PageRequest(page, size));
    }

    @GetMapping("/api/models/{name}/versions/{version}")
    ModelVersion get(@PathVariable String name, @PathVariable int version) {
        models.require(name);
        return versions.require(name, version);
    }

    @PostMapping(path = "/api/models/{name}/versions", consumes = "application/zip")
    AdapterImport.Imported take(
            @PathVariable String name,
            @RequestParam(defaultValue = "imported by command") String reason,
            InputStream archive) {
        return imports.take(name, reason, archive);
    }
}
