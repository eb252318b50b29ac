package dev.perennial.generator.generation;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.generator.generation.CallResult.Done;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the calls of runs brought: candidates, each text once a run, and how many utterances were rejected why. */
final class CandidateStore {
    private final JdbcClient jdbc;

    CandidateStore(ServiceSchema generatorSchema) {
        this.jdbc = generatorSchema.jdbc();
    }

    /**
     * Records calls that are over, each once; part of the caller's transaction.
     *
     * @return what was rejected, by reason
     */
    Map<String, Integer> record(Brief brief, List<Done> results) {
        String generationId = brief.generation().generationId();
        Map<String, Integer> all = new HashMap<>();
        for (Done result : results) {
            if (close(generationId, result)) {
                Map<String, Integer> rejected = new TreeMap<>(result.screening().rejected());
                List<Candidate> candidates = candidates(brief, result);
                int duplicates = candidates.size() - add(generationId, candidates);
                if (duplicates > 0) {
                    rejected.merge("duplicate-in-run", duplicates, Integer::sum);
                }
                rejected.forEach((reason, count) -> {
                    reject(generationId, result.call().index(), reason, count);
                    all.merge(reason, count, Integer::sum);
                });
            }
        }
        return all;
    }

    List<Candidate> unpublished(String generationId) {
        return jdbc.sql("""
                        select k.*, c.call_key from generator.candidate k
                        join generator.generation_call c
                            on c.generation_id = k.generation_id and c.call_index = k.call_index
                        where k.generation_id = ? and not k.published order by k.call_index, k.utterance_index
                        """)
                .param(generationId)
                .query(CandidateStore::candidate)
                .list();
    }

    void published(List<Candidate> candidates) {
        jdbc.sql("update generator.candidate set published = true where sample_id = any(?)")
                .param(column(candidates, Candidate::sampleId))
                .update();
    }

    private boolean close(String generationId, Done result) {
        return jdbc.sql("""
                                update generator.generation_call set done = true, call_key = ?
                                where generation_id = ? and call_index = ? and not done
                                """)
                        .param(result.callKey())
                        .param(generationId)
                        .param(result.call().index())
                        .update()
                == 1;
    }

    private static List<Candidate> candidates(Brief brief, Done result) {
        String callKey = result.callKey();
        return callKey == null
                ? List.of()
                : result.screening().kept().stream()
                        .map(utterance -> Candidate.of(
                                brief.generation().generationId(), brief.settled(), result.call(), callKey, utterance))
                        .toList();
    }

    private int add(String generationId, List<Candidate> candidates) {
        return jdbc.sql("""
                        insert into generator.candidate (generation_id, sample_id, call_index, utterance_index, label,
                            text, content_hash, strategy, seeds)
                        select ?, sample_id, call_index, utterance_index, label, text, content_hash, strategy,
                            seeds::jsonb
                        from unnest(?, ?, ?, ?, ?, ?, ?, ?) as c (sample_id, call_index, utterance_index, label, text,
                            content_hash, strategy, seeds)
                        on conflict do nothing
                        """)
                .params(
                        generationId,
                        column(candidates, Candidate::sampleId),
                        candidates.stream().map(Candidate::callIndex).toArray(Integer[]::new),
                        candidates.stream().map(Candidate::utteranceIndex).toArray(Integer[]::new),
                        column(candidates, Candidate::label),
                        column(candidates, Candidate::text),
                        column(candidates, Candidate::contentHash),
                        column(candidates, Candidate::strategy),
                        column(candidates, candidate -> Column.write(candidate.seeds())))
                .update();
    }

    private void reject(String generationId, int callIndex, String reason, int count) {
        jdbc.sql("insert into generator.rejection (generation_id, call_index, reason, count) values (?, ?, ?, ?)")
                .params(generationId, callIndex, reason, count)
                .update();
    }

    private static String[] column(List<Candidate> candidates, Function<Candidate, @Nullable String> value) {
        return candidates.stream().map(value).toArray(String[]::new);
    }

    private static Candidate candidate(ResultSet row, int number) throws SQLException {
        return new Candidate(
                row.getString("sample_id"),
                row.getInt("call_index"),
                row.getInt("utterance_index"),
                row.getString("label"),
                row.getString("text"),
                row.getString("strategy"),
                Column.strings(row.getString("seeds")),
                row.getString("call_key"));
    }
}
