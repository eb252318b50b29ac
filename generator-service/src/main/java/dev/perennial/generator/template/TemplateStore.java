package dev.perennial.generator.template;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.page.Page;
import dev.perennial.common.page.PageRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Templates and all their versions. A version is its content: the same content again is the same version. */
public final class TemplateStore {
    private final ServiceSchema schema;
    private final JdbcClient jdbc;

    public TemplateStore(ServiceSchema generatorSchema) {
        this.schema = generatorSchema;
        this.jdbc = generatorSchema.jdbc();
    }

    /** A template as it was at one version. */
    public record Versioned(String name, int version, PromptTemplate template) {

        /** As provenance tells it. */
        public String id() {
            return name + "@" + version;
        }
    }

    record Listed(String name, int version, int versions, Instant updated) {}

    record Stored(String name, int version, boolean changed) {}

    /** The version in use. */
    public Optional<Versioned> current(String name) {
        return jdbc.sql("""
                        select v.name, v.version, v.content from generator.template t
                        join generator.template_version v on v.name = t.name and v.version = t.version
                        where t.name = ?
                        """).param(name).query(TemplateStore::versioned).optional();
    }

    public Optional<Versioned> version(String name, int version) {
        return jdbc.sql("select name, version, content from generator.template_version where name = ? and version = ?")
                .params(name, version)
                .query(TemplateStore::versioned)
                .optional();
    }

    Page<Listed> list(PageRequest page) {
        List<Listed> items = jdbc.sql("""
                        select name, version, updated, (
                            select count(*) from generator.template_version v where v.name = t.name) as versions
                        from generator.template t order by name limit ? offset ?
                        """)
                .params(page.size(), page.offset())
                .query((row, number) -> new Listed(
                        row.getString("name"),
                        row.getInt("version"),
                        row.getInt("versions"),
                        row.getTimestamp("updated").toInstant()))
                .list();
        return page.of(
                items,
                jdbc.sql("select count(*) from generator.template")
                        .query(Long.class)
                        .single());
    }

    Stored put(PromptTemplate template) {
        return Objects.requireNonNull(schema.transactions().execute(status -> {
            lock(template.name());
            Optional<Integer> before = currentVersion(template.name());
            int version = versionOf(template).orElseGet(() -> addVersion(template));
            jdbc.sql("""
                            insert into generator.template (name, version) values (?, ?)
                            on conflict (name) do update set version = excluded.version, updated = now()
                            """).params(template.name(), version).update();
            return new Stored(
                    template.name(),
                    version,
                    before.filter(earlier -> earlier == version).isEmpty());
        }));
    }

    /** Two writers of one template take turns, or they would number the same version. */
    private void lock(String name) {
        jdbc.sql("select pg_advisory_xact_lock(hashtext('generator.template:' || ?))")
                .param(name)
                .query()
                .listOfRows();
    }

    private Optional<Integer> currentVersion(String name) {
        return jdbc.sql("select version from generator.template where name = ?")
                .param(name)
                .query(Integer.class)
                .optional();
    }

    private Optional<Integer> versionOf(PromptTemplate template) {
        return jdbc.sql("select version from generator.template_version where name = ? and sha256 = ?")
                .params(template.name(), TemplateReader.hash(template))
                .query(Integer.class)
                .optional();
    }

    private int addVersion(PromptTemplate template) {
        return jdbc.sql("""
                        insert into generator.template_version (name, version, sha256, content)
                        select ?, coalesce(max(version), 0) + 1, ?, ?::jsonb
                        from generator.template_version where name = ? returning version
                        """)
                .params(template.name(), TemplateReader.hash(template), TemplateReader.write(template), template.name())
                .query(Integer.class)
                .single();
    }

    private static Versioned versioned(ResultSet row, int number) throws SQLException {
        return new Versioned(
                row.getString("name"), row.getInt("version"), TemplateReader.readStored(row.getString("content")));
    }
}
