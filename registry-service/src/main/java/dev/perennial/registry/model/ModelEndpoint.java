package dev.perennial.registry.model;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.problem.ProblemException;
import dev.perennial.common.spec.ModelSpec;
import dev.perennial.common.spec.SpecReader;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Model specs over HTTP. */
@RestController
public final class ModelEndpoint {
    private final Models models;
    private final ServiceSchema schema;

    ModelEndpoint(Models models, ServiceSchema registrySchema) {
        this.models = models;
        this.schema = registrySchema;
    }

    /** A model with the versions that have its traffic. */
    record ModelView(
            String model,
            int specVersion,
            @Nullable Integer live,
            @Nullable Integer canary,
            int canaryPercent,
            JsonNode spec) {}

    private record Traffic(String model, int live, @Nullable Integer canary, int canaryPercent) {}

    @PutMapping(
            path = "/api/models/{name}",
            consumes = {"application/yaml", "application/x-yaml", "text/yaml", "application/json", "text/plain"})
    Models.Declared declare(@PathVariable String name, @RequestBody byte[] document) {
        ModelSpec spec = SpecReader.read(new String(document, StandardCharsets.UTF_8));
        if (!spec.name().equals(name)) {
            throw ProblemException.badRequest(
                    "name-mismatch",
                    "The spec's name is '" + spec.name() + "' but the path says '" + name + "'; make them equal.");
        }
        return models.declare(spec);
    }

    @GetMapping("/api/models")
    List<ModelView> list() {
        Map<String, Traffic> traffic =
                traffic(null).stream().collect(Collectors.toMap(Traffic::model, Function.identity()));
        return models.all().stream()
                .map(declared -> view(declared, traffic.get(declared.spec().name())))
                .toList();
    }

    @GetMapping("/api/models/{name}")
    ModelView get(@PathVariable String name) {
        DeclaredModel declared = models.require(name);
        return view(declared, traffic(name).stream().findFirst().orElse(null));
    }

    private static ModelView view(DeclaredModel declared, @Nullable Traffic traffic) {
        return new ModelView(
                declared.spec().name(),
                declared.specVersion(),
                traffic == null ? null : traffic.live(),
                traffic == null ? null : traffic.canary(),
                traffic == null ? 0 : traffic.canaryPercent(),
                SpecReader.storedMapper().valueToTree(declared.spec()));
    }

    private List<Traffic> traffic(@Nullable String model) {
        return schema.jdbc()
                .sql("""
                        select live.model, live.version as live, canary.version as canary,
                            coalesce(canary.traffic_percent, 0) as canary_percent
                        from registry.version live
                        left join registry.version canary on canary.model = live.model and canary.stage = 'CANARY'
                        where live.stage = 'LIVE' and (:model::text is null or live.model = :model)
                        """)
                .param("model", model, java.sql.Types.VARCHAR)
                .query(ModelEndpoint::traffic)
                .list();
    }

    private static Traffic traffic(ResultSet row, int number) throws SQLException {
        return new Traffic(
                row.getString("model"),
                row.getInt("live"),
                row.getObject("canary", Integer.class),
                row.getInt("canary_percent"));
    }
}
