package dev.perennial.evaluator.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.common.artifact.ArtifactRef;
import dev.perennial.common.artifact.ArtifactStore;
import dev.perennial.common.event.EvaluationEvent.EvaluationCompleted;
import dev.perennial.common.spec.SpecReader;
import dev.perennial.evaluator.EvaluatorServer;
import dev.perennial.lora.LabelledText;
import dev.perennial.lora.TextClassifier;
import dev.perennial.lora.TextEncoder;
import dev.perennial.lora.TrainingData;
import dev.perennial.lora.TrainingSession;
import dev.perennial.lora.recipe.TrainingConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the real encoder and adapters that were really trained. */
class RealAdapterIT {
    private static final List<String> LABELS = List.of("tv", "bill", "router");
    private static final List<LabelledText> TRAIN = texts(
            "the picture on my television is frozen",
            "channels are missing on the box",
            "no sound from the television",
            "my bill is higher than last month",
            "I was charged twice",
            "where can I see my invoice",
            "the router has a red light",
            "wifi keeps dropping in the kitchen",
            "the modem does not start");
    private static final List<LabelledText> HELD_OUT = texts(
            "television screen stays black",
            "I cannot find the sports channel",
            "the tv box shows an error",
            "picture breaks up into squares",
            "why do I pay so much",
            "please refund the double payment",
            "a fee I do not know is on my invoice",
            "when is my payment due",
            "the router blinks orange",
            "wireless signal is weak upstairs",
            "the modem restarts by itself",
            "my laptop does not see the wifi");

    @TempDir
    static Path directory;

    static EvaluatorServer server;
    static ArtifactStore store;
    static ArtifactRef dataset;
    static ArtifactRef adapter;

    @BeforeAll
    static void train() {
        server = new EvaluatorServer(directory.resolve("artifacts"));
        store = server.bean(ArtifactStore.class);
        Path files = directory.resolve("dataset");
        write(files.resolve("train.jsonl"), lines(TRAIN));
        write(files.resolve("validation.jsonl"), lines(TRAIN));
        dataset = store.store(files);
        adapter = store.store(trained());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void that_is_sound_is_judged_against_the_probe() {
        declare("real-sound");

        server.publish("k", Trained.run("real-sound", "real-sound", dataset, adapter, 1));

        EvaluationCompleted completed = judged("real-sound");
        assertThat(completed.registrable()).as("%s", completed.reasons()).isTrue();
        assertThat(completed.passed()).isTrue();
        assertThat(completed.sets().getFirst().candidate()).isGreaterThan(0.7);
        assertThat(completed.sets().getFirst().base()).isGreaterThan(0.7);
    }

    @Test
    void that_scores_otherwise_than_training_said_is_not_registered() {
        declare("real-other");

        server.publish("k", Trained.run("real-other", "real-other", dataset, adapter, 0));

        EvaluationCompleted completed = judged("real-other");
        assertThat(completed.registrable()).isFalse();
        assertThat(completed.reasons().getFirst()).contains("where training measured 0.0 %");
    }

    @Test
    void that_was_changed_in_the_store_is_not_registered() throws IOException {
        declare("real-changed");
        ArtifactRef changed = copyOf(adapter, "one more file");
        Path weights = directory.resolve("artifacts").resolve(changed.sha256()).resolve("adapter_model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 1] ^= 1;
        Files.write(weights, bytes);

        server.publish("k", Trained.run("real-changed", "real-changed", dataset, changed, 1));

        EvaluationCompleted completed = judged("real-changed");
        assertThat(completed.registrable()).isFalse();
        assertThat(completed.reasons().getFirst()).contains("is corrupt");
    }

    @Test
    void that_is_cut_off_is_not_registered() throws IOException {
        declare("real-cut");
        Path files = copy(adapter, "cut");
        Path weights = files.resolve("adapter_model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        Files.write(weights, Arrays.copyOf(bytes, bytes.length / 2));

        server.publish("k", Trained.run("real-cut", "real-cut", dataset, store.store(files), 1));

        EvaluationCompleted completed = judged("real-cut");
        assertThat(completed.registrable()).isFalse();
        assertThat(completed.reasons().getFirst()).contains("the adapter cannot be used");
    }

    private static Path trained() {
        TrainingData data = new TrainingData(LABELS, TRAIN, List.of());
        TrainingConfig config = TrainingConfig.defaults().withEpochs(2).withBatchSize(9);
        try (TextEncoder encoder = TextEncoder.open("all-minilm-l6-v2");
                TrainingSession<TextClassifier> session = TrainingSession.start(encoder, data, config)) {
            while (!session.done()) {
                session.step();
            }
            try (TextClassifier classifier = session.finish()) {
                return classifier.save(directory.resolve("adapter"));
            }
        }
    }

    private static void declare(String model) {
        server.declare(model, "holdout");
        server.put("/api/models/" + model + "/evaluation-sets/holdout", "application/x-ndjson", lines(HELD_OUT));
    }

    private static EvaluationCompleted judged(String model) {
        return server.published(EvaluationCompleted.class, model, 1).getFirst();
    }

    private static ArtifactRef copyOf(ArtifactRef reference, String more) throws IOException {
        Path files = copy(reference, "copy");
        Files.writeString(files.resolve("README.md"), more);
        return store.store(files);
    }

    private static Path copy(ArtifactRef reference, String name) throws IOException {
        Path target = Files.createDirectories(directory.resolve(name));
        try (var files = Files.list(store.open(reference))) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        }
        return target;
    }

    private static List<LabelledText> texts(String... texts) {
        List<LabelledText> labelled = new ArrayList<>();
        int perLabel = texts.length / LABELS.size();
        for (int i = 0; i < texts.length; i++) {
            labelled.add(new LabelledText(texts[i], LABELS.get(i / perLabel)));
        }
        return List.copyOf(labelled);
    }

    private static String lines(List<LabelledText> texts) {
        return texts.stream()
                .map(text -> SpecReader.storedMapper().writeValueAsString(text))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static void write(Path file, String content) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
