package dev.perennial.registry.rollout;

import dev.perennial.common.artifact.ArtifactRef;
import dev.perennial.common.event.ModelEvent.VersionChanged;
import dev.perennial.common.event.Stage;
import dev.perennial.common.spec.SpecReader;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** Makes events of version rows. */
final class VersionEvents {
    private VersionEvents() {}

    /** What a row of {@code registry.version} says now. */
    static VersionChanged changed(ResultSet row, String reason, long sequence, Instant at) throws SQLException {
        return new VersionChanged(
                row.getString("model"),
                row.getInt("version"),
                Stage.valueOf(row.getString("stage")),
                row.getInt("traffic_percent"),
                row.getString("base_model"),
                List.of(SpecReader.storedMapper().readValue(row.getString("labels"), String[].class)),
                new ArtifactRef(row.getString("adapter_sha256"), row.getLong("adapter_bytes")),
                row.getString("run_id"),
                reason,
                sequence,
                at);
    }
}
