package dev.perennial.generator.knowledge;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.text.ContentHash;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Knowledge files by model; contents by hash, so that a run can keep what it started with. */
public final class KnowledgeStore {
    private final ServiceSchema schema;
    private final JdbcClient jdbc;

    public KnowledgeStore(ServiceSchema generatorSchema) {
        this.schema = generatorSchema;
        this.jdbc = generatorSchema.jdbc();
    }

    record Listed(String file, String sha256, int characters, Instant updated) {}

    record Stored(String model, String file, String sha256, boolean changed) {}

    /** The hash of a file's present content. */
    public Optional<String> find(String model, String file) {
        return jdbc.sql("select sha256 from generator.knowledge_file where model = ? and file = ?")
                .params(model, file)
                .query(String.class)
                .optional();
    }

    /** The contents with these hashes, in their order. */
    public Knowledge read(List<String> hashes) {
        return new Knowledge(hashes.stream()
                .map(hash -> jdbc.sql("select content from generator.knowledge_content where sha256 = ?")
                        .param(hash)
                        .query(String.class)
                        .single())
                .toList());
    }

    List<Listed> list(String model) {
        return jdbc.sql("""
                        select f.file, f.sha256, length(c.content) as characters, f.updated
                        from generator.knowledge_file f join generator.knowledge_content c on c.sha256 = f.sha256
                        where f.model = ? order by f.file
                        """)
                .param(model)
                .query((row, number) -> new Listed(
                        row.getString("file"),
                        row.getString("sha256"),
                        row.getInt("characters"),
                        row.getTimestamp("updated").toInstant()))
                .list();
    }

    Stored put(String model, String file, String content) {
        String hash = ContentHash.sha256(content);
        return Objects.requireNonNull(schema.transactions().execute(status -> {
            jdbc.sql("insert into generator.knowledge_content (sha256, content) values (?, ?) on conflict do nothing")
                    .params(hash, content)
                    .update();
            int changed = jdbc.sql("""
                            insert into generator.knowledge_file as known (model, file, sha256) values (?, ?, ?)
                            on conflict (model, file) do update set sha256 = excluded.sha256, updated = now()
                            where known.sha256 <> excluded.sha256
                            """).params(model, file, hash).update();
            return new Stored(model, file, hash, changed == 1);
        }));
    }
}
