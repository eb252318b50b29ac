package dev.perennial.registry.gateway;

import dev.perennial.common.artifact.ArtifactRef;
import dev.perennial.common.database.ServiceSchema;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads what each model's traffic should be. */
final class WantedStore {
    private final ServiceSchema schema;

    WantedStore(ServiceSchema schema) {
        this.schema = schema;
    }

    /** The last change of every model. */
    Map<String, Long> sequences() {
        Map<String, Long> sequences = new TreeMap<>();
        schema.jdbc().sql("select name, sequence from registry.model").query(row -> {
            sequences.put(row.getString("name"), row.getLong("sequence"));
        });
        return sequences;
    }

    Optional<Wanted> find(String model) {
        return schema.jdbc().sql("""
                        select m.name, m.sequence,
                            coalesce((select max(number) from registry.rollout r where r.model = m.name), 0) as rollout,
                            live.version as live, live.base_model as live_base,
                            live.adapter_sha256 as live_sha256, live.adapter_bytes as live_bytes,
                            canary.version as canary, canary.base_model as canary_base,
                            canary.adapter_sha256 as canary_sha256, canary.adapter_bytes as canary_bytes,
                            coalesce(canary.traffic_percent, 0) as percent,
                            standby.version as standby, standby.base_model as standby_base,
                            standby.adapter_sha256 as standby_sha256, standby.adapter_bytes as standby_bytes
                        from registry.model m
                        left join registry.version live on live.model = m.name and live.stage = 'LIVE'
                        left join registry.version canary on canary.model = m.name and canary.stage = 'CANARY'
                        left join lateral (
                            select * from registry.version v
                            where v.model = m.name and v.stage = 'RETIRED'
                            order by v.live_since desc limit 1) standby on true
                        where m.name = ?
                        """).param(model).query(WantedStore::wanted).optional();
    }

    private static Wanted wanted(ResultSet row, int number) throws SQLException {
        return new Wanted(
                row.getString("name"),
                row.getLong("sequence"),
                row.getInt("rollout"),
                version(row, "live"),
                version(row, "canary"),
                row.getInt("percent"),
                version(row, "standby"));
    }

    private static Wanted.@Nullable Version version(ResultSet row, String prefix) throws SQLException {
        Integer version = row.getObject(prefix, Integer.class);
        return version == null
                ? null
                : new Wanted.Version(
                        version,
                        row.getString(prefix + "_base"),
                        new ArtifactRef(row.getString(prefix + "_sha256"), row.getLong(prefix + "_bytes")));
    }
}
