package dev.perennial.registry.version;

import dev.perennial.common.artifact.ArtifactRef;
import dev.perennial.common.event.DatasetRef;
import dev.perennial.common.event.SetScore;
import dev.perennial.common.event.Stage;
import dev.perennial.common.spec.SpecReader;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Reads a version from its row. */
final class VersionRow {
    private static final JsonMapper JSON = SpecReader.storedMapper();

    private VersionRow() {}

    static ModelVersion read(ResultSet row, int number) throws SQLException {
        Timestamp liveSince = row.getTimestamp("live_since");
        return new ModelVersion(
                row.getString("model"),
                row.getInt("version"),
                Stage.valueOf(row.getString("stage")),
                row.getInt("traffic_percent"),
                ModelVersion.Origin.valueOf(row.getString("origin")),
                row.getString("base_model"),
                List.of(JSON.readValue(row.getString("labels"), String[].class)),
                new ArtifactRef(row.getString("adapter_sha256"), row.getLong("adapter_bytes")),
                row.getInt("spec_version"),
                dataset(row),
                row.getObject("parent_version", Integer.class),
                row.getObject("round", Integer.class),
                row.getString("run_id"),
                row.getString("report_id"),
                row.getObject("compared_with", Integer.class),
                List.of(JSON.readValue(row.getString("scores"), SetScore[].class)),
                List.of(JSON.readValue(row.getString("reasons"), String[].class)),
                row.getTimestamp("registered").toInstant(),
                liveSince == null ? null : liveSince.toInstant());
    }

    private static @Nullable DatasetRef dataset(ResultSet row) throws SQLException {
        String sha256 = row.getString("dataset_sha256");
        return sha256 == null
                ? null
                : new DatasetRef(new ArtifactRef(sha256, row.getLong("dataset_bytes")), row.getInt("dataset_samples"));
    }
}
