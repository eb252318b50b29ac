package dev.perennial.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.adapter.TuningMethod;
import dev.perennial.lora.export.MergeOptions;
import dev.perennial.lora.export.Precision;
import dev.perennial.lora.safetensors.SafetensorsWriter;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TextClassifierTest {
    private static final List<String> TEXTS = List.of("my router is dead", "what is the price", "cancel it please now");

    private final TextEncoder encoder = Fixtures.tinyEncoder();

    @TempDir
    Path directory;

    @AfterEach
    void closeEncoder() {
        encoder.close();
    }

    @Test
    void aSavedClassifierAnswersTheSameToTheBitAndSavesToTheSameBytes() throws IOException {
        try (TextClassifier original = adapted();
                TextClassifier loaded = encoder.classifier(original.save(directory.resolve("a")))) {
            assertThat(loaded.labels()).isEqualTo(Fixtures.LABELS);
            assertThat(logits(loaded)).isDeepEqualTo(logits(original));
            loaded.save(directory.resolve("b"));
        }
        assertThat(directory.resolve("a").toFile().list())
                .containsExactlyInAnyOrder(
                        "adapter_config.json",
                        "adapter_model.safetensors",
                        "classifier.json",
                        "classifier.safetensors");
        try (var files = Files.list(directory.resolve("a"))) {
            files.forEach(file -> assertThat(directory.resolve("b").resolve(file.getFileName()))
                    .hasSameBinaryContentAs(file));
        }
    }

    @Test
    void aTextGetsTheSameAnswerAloneAndAmongOthers() {
        try (TextClassifier classifier = adapted()) {
            List<Classification> together = classifier.classify(TEXTS);
            for (int i = 0; i < TEXTS.size(); i++) {
                Classification alone = classifier.classify(TEXTS.get(i));
                assertThat(alone.label()).isEqualTo(together.get(i).label());
                assertThat(alone.confidence()).isCloseTo(together.get(i).confidence(), within(1e-5));
                assertThat(alone.probabilities()).hasSize(3);
            }
            assertThat(classifier.classify(List.of())).isEmpty();
        }
    }

    @Test
    void textsOfOneBatchEachHaveTheirOwnClassifier() {
        List<String> labels = List.of("yes", "no");
        try (TextClassifier first = adapted();
                TextClassifier second = TextClassifier.of(
                        encoder,
                        Fixtures.weights(encoder, Fixtures.allTargets(2), labels)
                                .withTemperature(2))) {
            List<ClassifierRequest> requests = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                requests.add(new ClassifierRequest(TEXTS.get(i % 3), i % 5 < 2 ? first : second));
            }
            int before = encoder.model().memory().getManagedArrays().size();
            List<Classification> together = encoder.classify(requests);
            assertThat(encoder.model().memory().getManagedArrays()).hasSize(before);
            for (int i = 0; i < requests.size(); i++) {
                Classification alone =
                        requests.get(i).classifier().classify(requests.get(i).text());
                assertThat(together.get(i).label()).isEqualTo(alone.label());
                assertThat(together.get(i).logits()).containsExactly(alone.logits(), within(1e-5f));
                assertThat(together.get(i).probabilities()).containsExactly(alone.probabilities(), within(1e-5f));
            }
            assertThat(encoder.classify(List.of())).isEmpty();
            try (TextEncoder other = TextEncoder.open("all-minilm-l6-v2")) {
                assertThatThrownBy(() -> other.classify(requests))
                        .hasMessageContaining("give its texts to that encoder");
            }
        }
    }

    @Test
    void aTextIsCutToWhatItsPrefixLeavesOfThePositionsAloneAndAmongOthers() {
        String text = "my router is dead ".repeat(30);
        try (TextClassifier bare = adapted();
                TextClassifier one = TextClassifier.of(encoder, Fixtures.prefixed(encoder, 3, 1));
                TextClassifier two = TextClassifier.of(encoder, Fixtures.prefixed(encoder, 9, 2))) {
            List<ClassifierRequest> requests = Stream.of(two, bare, one, two, bare)
                    .map(classifier -> new ClassifierRequest(text, classifier))
                    .toList();
            List<Classification> together = encoder.classify(requests);
            for (int i = 0; i < requests.size(); i++) {
                Classification alone = requests.get(i).classifier().classify(text);
                assertThat(together.get(i).logits()).containsExactly(alone.logits(), within(1e-5f));
            }
        }
    }

    @Test
    void aPrefixThatLeavesNoRoomForATextIsNotLoaded() {
        ClassifierDirectory.write(directory, encoder, Fixtures.prefixed(encoder, 63, 1));
        assertThatThrownBy(() -> encoder.classifier(directory))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("the model's 64 positions")
                .hasMessageContaining("at most 62");
    }

    @Test
    void aClassifierThatCannotBeLoadedLeavesNothingAllocatedAndHoldsNoEncoder() {
        String name = "embeddings.LayerNorm.weight";
        SortedMap<String, Tensor> tensors =
                new TreeMap<>(Fixtures.prefixed(encoder, 2, 1).tensors());
        tensors.put(name, Tensor.of(new float[2], 2));
        ClassifierWeights broken =
                new ClassifierWeights(Fixtures.LABELS, new Trained(new TuningMethod.Prefix(2), tensors));
        int before = allArrays();
        assertThatThrownBy(() -> TextClassifier.of(encoder, broken)).isInstanceOf(IllegalArgumentException.class);
        assertThat(allArrays()).isEqualTo(before);
        encoder.close();
        assertThat(encoder.model().memory().isOpen()).isFalse();
    }

    /** Of the process. */
    private static int allArrays() {
        try (PtNDManager scope = Torch.memory()) {
            return scope.getParentManager().getManagedArrays().size();
        }
    }

    @Test
    void manyThreadsGetTheAnswersOfOne() throws InterruptedException, ExecutionException {
        try (TextClassifier classifier = adapted();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            float[][] expected = logits(classifier);
            List<Future<float[][]>> answers = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                answers.add(threads.submit(() -> logits(classifier)));
            }
            for (Future<float[][]> answer : answers) {
                assertThat(answer.get()).isDeepEqualTo(expected);
            }
        }
    }

    @Test
    void inferenceLeavesNothingAllocated() {
        try (TextClassifier classifier = adapted()) {
            int before = encoder.model().memory().getManagedArrays().size();
            for (int i = 0; i < 5; i++) {
                classifier.classify(TEXTS);
            }
            assertThat(encoder.model().memory().getManagedArrays()).hasSize(before);
        }
    }

    @Test
    void theEncoderOutlivesItsOwnersCloseWhileAClassifierIsOpen() {
        TextClassifier classifier = adapted();
        encoder.close();
        assertThat(classifier.classify(TEXTS)).hasSize(3);
        assertThatThrownBy(() -> encoder.embed(TEXTS))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        classifier.close();
        assertThat(encoder.model().memory().isOpen()).isFalse();
        assertThatThrownBy(() -> classifier.classify(TEXTS)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aDamagedDirectoryIsRefusedWithWhatIsWrong() throws IOException {
        refused("adapter_config.json", content -> "{", "adapter_config.json is no valid JSON");
        refused("adapter_config.json", content -> content.replace("LORA", "IA3"), "peft_type must be 'LORA'");
        refused(
                "adapter_config.json",
                content -> content.replace("\"use_dora\" : false", "\"use_dora\" : true"),
                "use_dora");
        refused(
                "adapter_config.json",
                content -> content.replace("\"r\" : 4", "\"r\" : 5"),
                "has the shape [4, 16], not [5, 16]");
        refused(
                "adapter_config.json",
                content -> content.replace("\"r\" : 4", "\"r\" : 4.5"),
                "r must be a number from 1");
        refused(
                "adapter_config.json",
                content -> content.replace("\"lora_alpha\" : 8", "\"lora_alpha\" : 1e999"),
                "lora_alpha must be a number above 0");
        refused("classifier.json", content -> content.replace("\"billing\"", "7"), "labels must be a list of texts");
        refused(
                "classifier.json",
                content -> content.replace("\"temperature\" : 1.0", "\"temperature\" : 0"),
                "temperature must be 0.05 to 20");
        refused("classifier.json", content -> content.replace("billing", "outage"), "distinct");
        refused("classifier.json", content -> content.replace(", \"cancel\"", ""), "not [2, 16]");
        refused("classifier.json", content -> content.replace(encoder.sha256(), "0"), "open that encoder");
        refused("adapter_model.safetensors", content -> content.substring(0, content.length() - 4), "bytes of data");
        refused(
                "adapter_model.safetensors",
                content -> content.replace("layer.1.", "layer.7."),
                "belongs to no linear");
        refused("adapter_model.safetensors", content -> content.replace("lora_B", "lora_C"), "has no tensor");
        refused("classifier.safetensors", content -> "", "shorter than the 8 bytes");
    }

    private interface Damage {
        String apply(String content);
    }

    private void refused(String file, Damage damage, String message) throws IOException {
        try (TextClassifier original = adapted()) {
            original.save(directory);
        }
        Path path = directory.resolve(file);
        String content = Files.readString(path, StandardCharsets.ISO_8859_1);
        String damaged = damage.apply(content);
        assertThat(damaged).isNotEqualTo(content);
        Files.writeString(path, damaged, StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> encoder.classifier(directory))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(message);
    }

    @Test
    void weightsThatAreNoNumbersAreNeitherSavedNorRead() {
        ClassifierWeights broken = Fixtures.weights(encoder, Fixtures.allTargets(2), Fixtures.LABELS);
        broken.tensor(ClassifierWeights.HEAD_BIAS).values()[1] = Float.NaN;
        try (TextClassifier good = adapted()) {
            Path saved = good.save(directory.resolve("saved"));
            assertThatThrownBy(() -> ClassifierDirectory.write(saved, encoder, broken))
                    .isInstanceOf(ModelFormatException.class)
                    .hasMessageContaining("no finite numbers");
            assertThat(directory).isDirectoryNotContaining(file -> !file.equals(saved));
            try (TextClassifier loaded = encoder.classifier(saved)) {
                assertThat(logits(loaded)).as("what was there before").isDeepEqualTo(logits(good));
            }
            SafetensorsWriter.write(
                    saved.resolve(ClassifierDirectory.HEAD),
                    new TreeMap<>(),
                    Map.of(
                            ClassifierWeights.HEAD_WEIGHT, broken.tensor(ClassifierWeights.HEAD_WEIGHT),
                            ClassifierWeights.HEAD_BIAS, broken.tensor(ClassifierWeights.HEAD_BIAS)));
            assertThatThrownBy(() -> encoder.classifier(saved)).hasMessageContaining("no finite numbers");
        }
    }

    @Test
    void aHeadSavedOverALoraIsReadWithoutIt() {
        ClassifierWeights lora = Fixtures.weights(encoder, Fixtures.allTargets(2), Fixtures.LABELS);
        try (TextClassifier adapted = TextClassifier.of(encoder, lora);
                TextClassifier bare = TextClassifier.of(encoder, headOf(lora))) {
            adapted.save(directory);
            bare.save(directory);
            try (TextClassifier loaded = encoder.classifier(directory)) {
                assertThat(logits(loaded)).isDeepEqualTo(logits(bare));
            }
            assertThat(directory.toFile().list())
                    .containsExactlyInAnyOrder("classifier.json", "classifier.safetensors");
        }
    }

    private static ClassifierWeights headOf(ClassifierWeights weights) {
        SortedMap<String, Tensor> head = new TreeMap<>(weights.tensors());
        head.keySet().removeIf(name -> !ClassifierWeights.isHead(name));
        return new ClassifierWeights(weights.labels(), new Trained(new TuningMethod.HeadOnly(), head));
    }

    @ParameterizedTest
    @EnumSource
    void aLoraMergedIntoItsEncoderAnswersAsBesideIt(Precision precision) {
        MergeOptions options = MergeOptions.defaults().withPrecision(precision);
        try (TextClassifier classifier = adapted()) {
            Path merged = classifier.saveMerged(directory.resolve("merged"), options);
            assertThat(merged.resolve("adapter_config.json")).doesNotExist();
            try (TextEncoder tuned = TextEncoder.open(merged.toString());
                    TextClassifier loaded = tuned.classifier(merged)) {
                assertThat(loaded.labels()).isEqualTo(classifier.labels());
                float[][] expected = logits(classifier);
                float[][] found = logits(loaded);
                for (int i = 0; i < expected.length; i++) {
                    assertThat(found[i]).containsExactly(expected[i], within(1e-5f));
                }
                assertThatThrownBy(() -> encoder.classifier(merged)).hasMessageContaining("open that encoder");
            }
            assertThatThrownBy(() -> classifier.saveMerged(merged, options)).hasMessageContaining("would be lost");
        }
    }

    @Test
    void onlyALoraIsMerged() {
        ClassifierWeights lora = Fixtures.weights(encoder, Fixtures.allTargets(2), Fixtures.LABELS);
        try (TextClassifier bare = TextClassifier.of(encoder, headOf(lora))) {
            assertThatThrownBy(() -> bare.saveMerged(directory.resolve("merged"), MergeOptions.defaults()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("only a LoRA can be merged");
        }
    }

    @Test
    void aDirectoryThatHoldsMoreThanAClassifierIsLeftAlone() throws IOException {
        try (TextClassifier classifier = adapted()) {
            classifier.save(directory);
            Path notes = Files.writeString(directory.resolve("notes.txt"), "mine");
            assertThatThrownBy(() -> classifier.save(directory))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("notes.txt");
            assertThat(notes).hasContent("mine");
            assertThat(directory.resolve("adapter_model.safetensors")).exists();
        }
    }

    @Test
    void aLabelWithoutAnyTextIsRefusedBeforeTraining() {
        for (String label : List.of("", " ")) {
            List<LabelledText> train = List.of(new LabelledText("my router is dead", "outage"));
            assertThatThrownBy(() -> new TrainingData(List.of("outage", label), train, List.of()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("labels");
        }
    }

    @Test
    void savedFilesMayBeReadByWhomTheUmaskAllows() throws IOException {
        Path file = Files.createFile(directory.resolve("any"));
        Path folder = Files.createDirectory(directory.resolve("folder"));
        try (TextClassifier classifier = adapted()) {
            Path saved = classifier.save(directory.resolve("new/saved"));
            assertThat(Files.getPosixFilePermissions(saved)).isEqualTo(Files.getPosixFilePermissions(folder));
            try (var files = Files.list(saved)) {
                for (Path each : files.toList()) {
                    assertThat(Files.getPosixFilePermissions(each))
                            .as(each.toString())
                            .isEqualTo(Files.getPosixFilePermissions(file));
                }
            }
        }
    }

    private TextClassifier adapted() {
        return GoldenFiles.adapted(encoder);
    }

    private static float[][] logits(TextClassifier classifier) {
        return classifier.classify(TEXTS).stream().map(Classification::logits).toArray(float[][]::new);
    }
}
