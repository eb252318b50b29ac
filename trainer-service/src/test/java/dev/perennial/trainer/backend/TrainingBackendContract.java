package dev.perennial.trainer.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.common.artifact.ArtifactRef;
import dev.perennial.common.artifact.DirectoryArtifactStore;
import dev.perennial.lora.TextClassifier;
import dev.perennial.lora.TextEncoder;
import dev.perennial.trainer.TinyTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every training backend must do. */
abstract class TrainingBackendContract {
    private static final TrainingWatch UNWATCHED = (progress, checkpoint) -> {};

    @TempDir
    Path root;

    private Path dataset;

    abstract TrainingBackend backend();

    @BeforeEach
    void write() {
        dataset = TinyTask.dataset(root.resolve("dataset"));
    }

    @Test
    void learns_the_task_and_writes_an_adapter_that_the_library_opens() {
        List<StepProgress> steps = new ArrayList<>();
        Path adapter = root.resolve("adapter");

        TrainingResult result =
                backend().train(order(null, null), adapter, (progress, checkpoint) -> steps.add(progress));

        try (TextEncoder encoder = TextEncoder.open(TinyTask.BASE);
                TextClassifier classifier = encoder.classifier(adapter)) {
            assertThat(classifier.labels()).isEqualTo(TinyTask.LABELS);
            assertThat(classifier.classify("my invoice has an error").label()).isEqualTo("billing");
            assertThat(classifier.classify("red light on the modem").label()).isEqualTo("router");
        }
        assertThat(steps).extracting(StepProgress::step).startsWith(1, 2, 3).doesNotHaveDuplicates();
        assertThat(steps.getFirst().totalSteps()).isEqualTo(15);
        assertThat(steps.get(2).validationAccuracy()).isNotNull();
        assertThat(result.epochs()).isEqualTo(steps.getLast().epoch());
        assertThat(result.validationAccuracy()).isBetween(0.0, 1.0);
        assertThat(result.tokens()).isPositive();
    }

    @Test
    void a_run_that_goes_on_from_a_checkpoint_ends_with_the_same_bytes() {
        ArtifactRef unbroken = train(order(null, null), UNWATCHED);
        Path checkpoint = root.resolve("checkpoint");

        assertThatThrownBy(() -> train(order(null, null), (progress, keep) -> {
                    if (progress.step() == 4) {
                        keep.accept(checkpoint);
                    }
                    if (progress.step() == 5) {
                        throw new Killed();
                    }
                }))
                .isInstanceOf(Killed.class);
        List<Integer> steps = new ArrayList<>();
        ArtifactRef resumed = train(order(null, checkpoint), (progress, keep) -> steps.add(progress.step()));

        assertThat(steps).startsWith(5);
        assertThat(resumed).isEqualTo(unbroken);
    }

    @Test
    void a_checkpoint_that_is_gone_or_broken_costs_time_and_nothing_else() throws IOException {
        ArtifactRef unbroken = train(order(null, null), UNWATCHED);
        Path broken = Files.writeString(root.resolve("broken"), "half a checkpoi");

        assertThat(train(order(null, broken), UNWATCHED)).isEqualTo(unbroken);
        assertThat(train(order(null, root.resolve("gone")), UNWATCHED)).isEqualTo(unbroken);
    }

    @Test
    void continues_from_a_parent_and_adds_labels() {
        Path parent = root.resolve("parent");
        backend().train(order(null, null), parent, UNWATCHED);
        List<String> labels = new ArrayList<>(TinyTask.LABELS);
        labels.add("contract");
        TrainingOrder order = new TrainingOrder(TinyTask.BASE, labels, dataset, parent, TinyTask.training(1), 7, null);
        Path adapter = root.resolve("child");

        backend().train(order, adapter, UNWATCHED);

        try (TextEncoder encoder = TextEncoder.open(TinyTask.BASE);
                TextClassifier classifier = encoder.classifier(adapter)) {
            assertThat(classifier.labels()).isEqualTo(labels);
            assertThat(classifier.classify("my invoice has an error").label()).isEqualTo("billing");
        }
    }

    @Test
    void what_the_watch_throws_stops_it_at_once_and_comes_out() {
        List<Integer> steps = new ArrayList<>();

        assertThatThrownBy(() -> train(order(null, null), (progress, checkpoint) -> {
                    steps.add(progress.step());
                    throw new Killed();
                }))
                .isInstanceOf(Killed.class);
        assertThat(steps).containsExactly(1);
    }

    @Test
    void an_order_that_can_never_succeed_is_refused_with_what_is_wrong() {
        assertUntrainable(order -> order.baseModel = "no-such-model", "no-such-model");
        assertUntrainable(
                order -> order.dataset = TinyTask.write(root.resolve("bad"), "{\"text\": \"a\"", ""), "line 1");
        assertUntrainable(
                order -> order.dataset = TinyTask.write(root.resolve("label"), TinyTask.line("a", "wifi"), ""), "wifi");
        assertUntrainable(order -> order.dataset = root.resolve("nothing"), "train.jsonl");
        assertUntrainable(order -> order.parent = TinyTask.dataset(root.resolve("no-adapter")), "classifier.json");
        assertUntrainable(order -> order.targets = List.of("attention"), "there are [attention.output.dense");
    }

    private void assertUntrainable(Consumer<Draft> change, String message) {
        Draft draft = new Draft();
        change.accept(draft);
        assertThatThrownBy(() -> train(draft.order(), UNWATCHED))
                .isInstanceOf(UntrainableException.class)
                .hasMessageContaining(message);
    }

    private final class Draft {
        private String baseModel = TinyTask.BASE;
        private Path dataset = TrainingBackendContract.this.dataset;
        private @Nullable Path parent;
        private List<String> targets = List.of();

        TrainingOrder order() {
            return new TrainingOrder(
                    baseModel, TinyTask.LABELS, dataset, parent, TinyTask.training(1, targets), 7, null);
        }
    }

    private static final class Killed extends RuntimeException {}

    private TrainingOrder order(@Nullable Path parent, @Nullable Path checkpoint) {
        return new TrainingOrder(TinyTask.BASE, TinyTask.LABELS, dataset, parent, TinyTask.training(5), 7, checkpoint);
    }

    private ArtifactRef train(TrainingOrder order, TrainingWatch watch) {
        Path adapter = root.resolve("adapter-" + System.nanoTime());
        backend().train(order, adapter, watch);
        return new DirectoryArtifactStore(root.resolve("store")).store(adapter);
    }
}
