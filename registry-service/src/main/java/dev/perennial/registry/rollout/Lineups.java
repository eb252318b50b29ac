package dev.perennial.registry.rollout;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.EventIds;
import dev.perennial.common.event.ModelEvent.VersionChanged;
import dev.perennial.common.event.Stage;
import dev.perennial.common.messaging.Envelope;
import dev.perennial.common.messaging.Outbox;
import dev.perennial.common.spec.SpecReader;
import dev.perennial.registry.model.ChangeLog;
import dev.perennial.registry.model.Models;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads lineups and applies decisions, in the transaction of a caller that has locked the model. */
final class Lineups {
    private final ServiceSchema schema;
    private final Models models;
    private final RolloutStore rollouts;
    private final ChangeLog changes;
    private final Outbox outbox;

    Lineups(ServiceSchema schema, Models models, RolloutStore rollouts, ChangeLog changes, Outbox outbox) {
        this.schema = schema;
        this.models = models;
        this.rollouts = rollouts;
        this.changes = changes;
        this.outbox = outbox;
    }

    Lineup load(String model) {
        return new Lineup(
                model,
                schema.jdbc()
                        .sql("select version, stage, live_since from registry.version where model = ? order by version")
                        .param(model)
                        .query(Lineups::member)
                        .list(),
                rollouts.active(model).orElse(null),
                schema.jdbc()
                        .sql("""
                                select greatest(
                                    coalesce((select max(version) from registry.rollout where model = :model), 0),
                                    coalesce((select max(version) from registry.version
                                              where model = :model and live_since is not null), 0))
                                """)
                        .param("model", model)
                        .query(Integer.class)
                        .single());
    }

    void apply(String model, Decision decision, Instant now) {
        decision.shares().forEach(share -> move(model, share, decision.reason(), now));
        if (decision.rollout() != null) {
            rollouts.save(decision.rollout(), decision.reason());
        }
        Integer percent = decision.shares().stream()
                .filter(share -> share.version() == decision.version())
                .map(Share::percent)
                .findFirst()
                .orElse(null);
        changes.append(new ChangeLog.Line(
                model, decision.kind(), decision.version(), percent, decision.reason(), json(decision.evidence())));
    }

    private static @Nullable String json(@Nullable Evidence evidence) {
        return evidence == null ? null : SpecReader.storedMapper().writeValueAsString(evidence);
    }

    private void move(String model, Share share, String reason, Instant now) {
        update(model, share, reason, now)
                .ifPresent(event -> outbox.append(new Envelope<>(
                        EventIds.of("version-changed", model, share.version(), event.sequence()),
                        schema.name(),
                        now,
                        model + "/" + share.version(),
                        event)));
    }

    /** Empty when the version stands there already. */
    private Optional<VersionChanged> update(String model, Share share, String reason, Instant now) {
        long sequence = models.nextSequence(model);
        return schema.jdbc()
                .sql("""
                        update registry.version set stage = :stage, traffic_percent = :percent,
                            live_since = case when :stage = 'LIVE' and stage <> 'LIVE' then :now else live_since end
                        where model = :model and version = :version
                            and (stage, traffic_percent) is distinct from (:stage, :percent)
                        returning *
                        """)
                .param("stage", share.stage().name())
                .param("percent", share.percent())
                .param("now", Timestamp.from(now))
                .param("model", model)
                .param("version", share.version())
                .query((row, number) -> VersionEvents.changed(row, reason, sequence, now))
                .optional();
    }

    private static Lineup.Member member(ResultSet row, int number) throws SQLException {
        Timestamp liveSince = row.getTimestamp("live_since");
        return new Lineup.Member(
                row.getInt("version"),
                Stage.valueOf(row.getString("stage")),
                liveSince == null ? null : liveSince.toInstant());
    }
}
