package dev.perennial.scheduler.round;

import dev.perennial.common.artifact.ArtifactRef;
import dev.perennial.common.event.DatasetRef;
import dev.perennial.common.spec.SpecReader;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import tools.jackson.core.type.TypeReference;

/** Reads a row of {@code scheduler.round}. */
final class RoundRow {
    static final TypeReference<Map<String, Integer>> COUNTS = new TypeReference<>() {};

    private RoundRow() {}

    static Round read(ResultSet row, int number) throws SQLException {
        RoundHead head = head(row);
        return switch (row.getString("state")) {
            case "GENERATING" ->
                new Round.Generating(head, row.getString("generation_id"), counts(row.getString("samples_per_label")));
            case "COLLECTING" ->
                new Round.Collecting(
                        head,
                        row.getString("generation_id"),
                        row.getInt("published"),
                        row.getString("generation_outcome"));
            case "ASSEMBLING" -> new Round.Assembling(head);
            case "QUEUED" -> new Round.Queued(head, dataset(row));
            case "TRAINING" -> new Round.Training(head, row.getString("run_id"));
            case "EVALUATING" -> new Round.Evaluating(head, row.getString("run_id"));
            case "FINISHED" -> new Round.Finished(head, row.getString("report_id"), row.getBoolean("passed"));
            case "FAILED" -> new Round.Failed(head, row.getString("failure"));
            default -> throw new IllegalStateException("the table's check allows no other state");
        };
    }

    static Map<String, Integer> counts(String json) {
        return SpecReader.storedMapper().readValue(json, COUNTS);
    }

    private static RoundHead head(ResultSet row) throws SQLException {
        return new RoundHead(
                row.getString("model"),
                row.getInt("round"),
                Cause.valueOf(row.getString("cause")),
                row.getString("reason"),
                row.getObject("drift_version", Integer.class),
                row.getInt("spec_version"),
                SpecReader.readStored(row.getString("spec")),
                row.getLong("seed"));
    }

    private static DatasetRef dataset(ResultSet row) throws SQLException {
        return new DatasetRef(
                new ArtifactRef(row.getString("dataset_sha256"), row.getLong("dataset_bytes")),
                row.getInt("dataset_samples"));
    }
}
