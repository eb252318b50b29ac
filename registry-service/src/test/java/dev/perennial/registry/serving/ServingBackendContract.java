package dev.perennial.registry.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every serving backend does. */
abstract class ServingBackendContract {
    static final List<String> LABELS = List.of("slow", "offline");

    @TempDir
    Path directory;

    abstract ServingBackend backend();

    abstract String baseModel();

    /** An adapter that tells texts about slowness from texts about being offline. */
    abstract Path adapter() throws IOException;

    @Test
    void answers_each_text_in_order_with_all_labels_most_probable_first() throws IOException {
        try (ServingBackend.Served served = backend().load(baseModel(), adapter())) {
            List<Answer> answers = served.answer(List.of("the line is offline", "it is slow"));

            assertThat(served.labels()).containsExactlyInAnyOrderElementsOf(LABELS);
            assertThat(answers).extracting(Answer::label).containsExactly("offline", "slow");
            assertThat(answers).allSatisfy(answer -> {
                assertThat(answer.labels()).hasSize(2);
                assertThat(answer.confidence()).isGreaterThanOrEqualTo(0.5);
                assertThat(answer.labels().stream()
                                .mapToDouble(Answer.LabelConfidence::confidence)
                                .sum())
                        .isBetween(0.999, 1.001);
            });
        }
    }

    @Test
    void says_why_a_directory_is_no_adapter() throws IOException {
        Path broken = Files.createDirectory(directory.resolve("broken"));
        Files.writeString(broken.resolve("adapter_config.json"), "{");

        assertThatThrownBy(() -> backend().load(baseModel(), broken))
                .isInstanceOf(AdapterRefusedException.class)
                .message()
                .isNotBlank();
    }

    @Test
    void serves_two_adapters_over_one_base_and_closing_one_leaves_the_other() throws IOException {
        try (ServingBackend.Served kept = backend().load(baseModel(), adapter())) {
            backend().load(baseModel(), adapter()).close();

            assertThat(kept.answer(List.of("it is slow")).getFirst().label()).isEqualTo("slow");
        }
    }

    @Test
    void gives_many_threads_the_same_answers() throws Exception {
        try (ServingBackend.Served served = backend().load(baseModel(), adapter());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Answer> question =
                    () -> served.answer(List.of("is it offline")).getFirst();
            Answer expected = question.call();

            for (Future<Answer> answer : threads.invokeAll(Collections.nCopies(20, question))) {
                assertThat(answer.get().label()).isEqualTo(expected.label());
                assertThat(answer.get().confidence()).isCloseTo(expected.confidence(), within(1e-5));
            }
        }
    }
}
