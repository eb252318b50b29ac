package dev.perennial.scheduler.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.EvaluationEvent.EvaluationSetDeclared;
import dev.perennial.common.event.SampleEvent.SampleScored;
import dev.perennial.common.event.SamplePayload.LabelledText;
import dev.perennial.common.event.SampleSource;
import dev.perennial.common.text.ContentHash;
import dev.perennial.embedded.TestInfrastructure;
import dev.perennial.scheduler.mix.PoolSample;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;

class SamplePoolIT {
    private final SamplePool pool = new SamplePool(schema());

    @Test
    void a_text_that_left_its_evaluation_set_is_trained_on_again() {
        pool.add(Stream.of("a", "b", "c", "d").map(SamplePoolIT::sample).toList());
        pool.claim("m", 1);

        declare("holdout", 0, 2, "a");
        declare("holdout", 1, 2, "b");
        declare("core", 0, 1, "b", "c");
        assertThat(trainable()).containsExactlyInAnyOrder("d");

        declare("holdout", 0, 2, "d");
        assertThat(trainable()).containsExactlyInAnyOrder("a");

        declare("core", 0, 1, "d");
        assertThat(trainable()).containsExactlyInAnyOrder("a", "c");
    }

    @Test
    void a_set_that_shrank_keeps_no_part_that_it_no_longer_has() {
        pool.add(Stream.of("a", "b").map(SamplePoolIT::sample).toList());
        pool.claim("m", 1);
        declare("holdout", 0, 2, "a");
        declare("holdout", 1, 2, "b");

        declare("holdout", 0, 1, "a");

        assertThat(trainable()).containsExactlyInAnyOrder("b");
    }

    private void declare(String set, int part, int parts, String... texts) {
        pool.holdOut(new EvaluationSetDeclared(
                "m", set, part, parts, Stream.of(texts).map(ContentHash::of).toList()));
    }

    private List<String> trainable() {
        return pool.trainable("m", 1).stream().map(PoolSample::text).toList();
    }

    private static SampleScored sample(String text) {
        return new SampleScored(
                text,
                "m",
                SampleSource.REAL,
                null,
                new LabelledText(text, "router"),
                ContentHash.of(text),
                true,
                1,
                Map.of(),
                List.of());
    }

    private static ServiceSchema schema() {
        DriverManagerDataSource source = new DriverManagerDataSource(
                TestInfrastructure.createDatabase(), TestInfrastructure.USER, TestInfrastructure.PASSWORD);
        return ServiceSchema.migrate("scheduler", source, new JdbcTransactionManager(source));
    }
}
