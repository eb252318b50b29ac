package dev.perennial.scorer.candidate;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.scorer.quality.Reasons;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts of verdicts, kept in the transaction that stores the verdicts. */
final class SampleCounts {
    private final ServiceSchema schema;

    SampleCounts(ServiceSchema schema) {
        this.schema = schema;
    }

    private record Key(String source, String label, String state, String reason) {
        private static final Comparator<Key> ORDER = Comparator.comparing(Key::source)
                .thenComparing(Key::label)
                .thenComparing(Key::state)
                .thenComparing(Key::reason);

        static Key of(StoredSample sample) {
            List<String> reasons = sample.verdict().reasons();
            // Anything may stand where a label should: only the model's own are worth a row each.
            String label = reasons.contains(Reasons.LABEL_UNKNOWN)
                    ? ""
                    : sample.payload().label();
            return new Key(
                    sample.source().name(), label, sample.state().name(), reasons.isEmpty() ? "" : reasons.getFirst());
        }
    }

    /** Adds samples that have their final verdict; call it while the model's lock is held. */
    void add(String model, List<StoredSample> judged) {
        Map<Key, Long> counts = new TreeMap<>(Key.ORDER);
        judged.forEach(sample -> counts.merge(Key.of(sample), 1L, Long::sum));
        if (counts.isEmpty()) {
            return;
        }
        schema.jdbc()
                .sql("""
                        insert into scorer.sample_count as counted (model, source, label, state, reason, samples)
                        select ?, * from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[])
                        on conflict (model, source, label, state, reason)
                        do update set samples = counted.samples + excluded.samples
                        """)
                .params(
                        model,
                        counts.keySet().stream().map(Key::source).toArray(String[]::new),
                        counts.keySet().stream().map(Key::label).toArray(String[]::new),
                        counts.keySet().stream().map(Key::state).toArray(String[]::new),
                        counts.keySet().stream().map(Key::reason).toArray(String[]::new),
                        counts.values().toArray(Long[]::new))
                .update();
    }
}
