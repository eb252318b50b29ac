package dev.perennial.registry.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.perennial.common.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.dao.TransientDataAccessResourceException;

class PredictionsTest {
    private final Memory memory = new Memory();

    @Test
    void an_answer_that_is_not_written_yet_is_found_all_the_same() {
        Predictions predictions = new Predictions(memory, 10, Duration.ZERO);

        predictions.record(given("r1"));

        assertThat(memory.written).isEmpty();
        assertThat(predictions.find(List.of("r1", "r2"))).containsOnlyKeys("r1");
    }

    @Test
    void a_full_queue_refuses_instead_of_losing_and_forgets_what_it_refused() {
        Predictions predictions = new Predictions(memory, 1, Duration.ZERO);
        predictions.record(given("r1"));

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> predictions.record(given("r2")))
                .satisfies(problem -> assertThat(problem.status().value()).isEqualTo(503));
        assertThat(predictions.find(List.of("r2"))).isEmpty();
    }

    @Test
    void whatever_was_taken_is_written_before_it_stops() {
        Predictions predictions = new Predictions(memory, 2000, Duration.ZERO);
        predictions.start();
        for (int i = 0; i < 1200; i++) {
            predictions.record(given("r" + i));
        }
        predictions.stop();

        assertThat(memory.written).hasSize(1200);
        assertThat(predictions.find(List.of("r7"))).containsOnlyKeys("r7");
    }

    @Test
    void a_fault_of_the_database_loses_nothing_and_writes_nothing_twice() throws Exception {
        memory.faults = 2;
        Predictions predictions = new Predictions(memory, 10, Duration.ZERO);
        predictions.record(given("r1"));
        predictions.start();

        assertThat(memory.wrote.await(20, TimeUnit.SECONDS)).isTrue();
        predictions.stop();

        assertThat(memory.written).extracting(Prediction::requestId).containsExactly("r1");
    }

    @Test
    void one_that_can_never_be_written_takes_no_other_with_it() throws Exception {
        memory.faulty = "r3";
        memory.faults = 1;
        memory.expected = new CountDownLatch(4);
        Predictions predictions = new Predictions(memory, 10, Duration.ZERO);
        for (int i = 1; i <= 5; i++) {
            predictions.record(given("r" + i));
        }
        predictions.start();

        assertThat(memory.expected.await(20, TimeUnit.SECONDS)).isTrue();
        predictions.stop();

        assertThat(memory.written).extracting(Prediction::requestId).containsExactlyInAnyOrder("r1", "r2", "r4", "r5");
        assertThat(predictions.find(List.of("r3"))).isEmpty();
    }

    private static Traffic given(String requestId) {
        return new Traffic(
                List.of(new Prediction(requestId, "m", 1, "a", 0.9, 7, Duration.ofMillis(3), Instant.EPOCH)),
                List.of());
    }

    private static final class Memory implements PredictionStore {
        final List<Prediction> written = new ArrayList<>();
        final CountDownLatch wrote = new CountDownLatch(1);
        CountDownLatch expected = new CountDownLatch(0);
        String faulty = "";
        int faults;

        @Override
        public synchronized void write(List<Traffic> batch) {
            if (faults > 0) {
                faults--;
                throw new TransientDataAccessResourceException("the database is away");
            }
            List<Prediction> given = batch.stream()
                    .flatMap(traffic -> traffic.predictions().stream())
                    .toList();
            if (given.stream().anyMatch(prediction -> prediction.requestId().equals(faulty))) {
                throw new IllegalArgumentException("no row can hold this");
            }
            written.addAll(given);
            given.forEach(_ -> expected.countDown());
            wrote.countDown();
        }

        @Override
        public synchronized List<Prediction> find(Collection<String> requestIds) {
            return written.stream()
                    .filter(prediction -> requestIds.contains(prediction.requestId()))
                    .toList();
        }
    }
}
