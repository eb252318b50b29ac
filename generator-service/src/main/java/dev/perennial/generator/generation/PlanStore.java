package dev.perennial.generator.generation;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.generator.seed.Seed;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;

/** The planned calls of runs. */
final class PlanStore {
    private final JdbcClient jdbc;

    PlanStore(ServiceSchema generatorSchema) {
        this.jdbc = generatorSchema.jdbc();
    }

    /**
     * How far a plan got.
     *
     * @param waves planned so far
     * @param calls planned so far
     * @param asked utterances asked for, by label
     * @param produced utterances kept, by label
     */
    record PlanState(int waves, int calls, Map<String, Integer> asked, Map<String, Integer> produced) {}

    List<PlannedCall> open(String generationId) {
        return jdbc.sql("""
                        select * from generator.generation_call where generation_id = ? and not done order by call_index
                        """).param(generationId).query(PlanStore::call).list();
    }

    PlanState state(String generationId) {
        Map<String, Integer> asked = new HashMap<>();
        jdbc.sql("select label, sum(wanted) as n from generator.generation_call where generation_id = ? group by label")
                .param(generationId)
                .query(row -> {
                    asked.put(row.getString("label"), row.getInt("n"));
                });
        Map<String, Integer> produced = new HashMap<>();
        jdbc.sql("select label, count(*) as n from generator.candidate where generation_id = ? group by label")
                .param(generationId)
                .query(row -> {
                    produced.put(row.getString("label"), row.getInt("n"));
                });
        return jdbc.sql("""
                        select coalesce(max(wave) + 1, 0) as waves, count(*) as calls
                        from generator.generation_call where generation_id = ?
                        """)
                .param(generationId)
                .query((row, number) -> new PlanState(row.getInt("waves"), row.getInt("calls"), asked, produced))
                .single();
    }

    /** Part of the caller's transaction. */
    int add(String generationId, List<PlannedCall> calls) {
        for (PlannedCall call : calls) {
            jdbc.sql("""
                            insert into generator.generation_call (generation_id, call_index, wave, label, difficulty,
                                style, wanted, stream_offset, examples)
                            values (?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb)
                            """)
                    .params(
                            generationId,
                            call.index(),
                            call.wave(),
                            call.label(),
                            call.difficulty(),
                            call.style(),
                            call.wanted(),
                            call.offset(),
                            Column.write(call.examples()))
                    .update();
        }
        return jdbc.sql("""
                        update generator.generation set calls_total = (
                            select count(*) from generator.generation_call where generation_id = ?)
                        where generation_id = ?
                        """).params(generationId, generationId).update();
    }

    private static PlannedCall call(ResultSet row, int number) throws SQLException {
        return new PlannedCall(
                row.getInt("call_index"),
                row.getInt("wave"),
                row.getString("label"),
                row.getString("difficulty"),
                row.getString("style"),
                row.getInt("wanted"),
                row.getInt("stream_offset"),
                Column.read(row.getString("examples"), new TypeReference<List<Seed>>() {}));
    }
}
