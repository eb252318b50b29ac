package dev.perennial.scorer.heldout;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.EvaluationEvent.EvaluationSetDeclared;
import dev.perennial.common.messaging.Envelope;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The content hashes of a model's evaluation sets, as the evaluator declared them. */
public final class HeldOutTexts {
    private final ServiceSchema schema;

    public HeldOutTexts(ServiceSchema schema) {
        this.schema = schema;
    }

    /** Those of the hashes that belong to a text of an evaluation set. */
    public Set<String> among(String model, Collection<String> contentHashes) {
        return schema
                .jdbc()
                .sql("select content_hash from scorer.held_out where model = ? and content_hash = any(?)")
                .params(model, contentHashes.toArray(String[]::new))
                .query(String.class)
                .stream()
                .collect(Collectors.toSet());
    }

    /** A set that is declared again replaces what it was, part by part. */
    public void handle(List<Envelope<EvaluationSetDeclared>> batch) {
        schema.transactions().executeWithoutResult(status -> batch.forEach(envelope -> declare(envelope.event())));
    }

    private void declare(EvaluationSetDeclared set) {
        schema.jdbc()
                .sql("""
                        delete from scorer.held_out
                        where model = ? and evaluation_set = ? and (part = ? or part >= ?)
                        """)
                .params(set.model(), set.set(), set.part(), set.parts())
                .update();
        schema.jdbc()
                .sql("""
                        insert into scorer.held_out (model, evaluation_set, part, content_hash)
                        select distinct ?, ?, ?, hash from unnest(?::text[]) hash
                        """)
                .params(set.model(), set.set(), set.part(), set.contentHashes().toArray(String[]::new))
                .update();
    }
}
