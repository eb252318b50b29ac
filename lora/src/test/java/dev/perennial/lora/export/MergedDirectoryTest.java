package dev.perennial.lora.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.adapter.LoraSettings;
import dev.perennial.lora.adapter.LoraWeights;
import dev.perennial.lora.decoder.Continuations;
import dev.perennial.lora.decoder.DecoderModel;
import dev.perennial.lora.decoder.GoldenDecoder;
import dev.perennial.lora.export.MergePlan.Meant;
import dev.perennial.lora.model.Adapter;
import dev.perennial.lora.model.ConfigJson;
import dev.perennial.lora.model.ShardedWeights;
import dev.perennial.lora.safetensors.ElementType;
import dev.perennial.lora.safetensors.Replacement;
import dev.perennial.lora.safetensors.SafetensorsFile;
import dev.perennial.lora.safetensors.SafetensorsWriter;
import dev.perennial.lora.safetensors.StoredTensor;
import dev.perennial.lora.safetensors.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import tools.jackson.databind.JsonNode;

class MergedDirectoryTest {
    static final List<String> DECODERS = GoldenDecoder.NAMES;
    static final List<String> ENCODERS = MergedExamples.ENCODERS;

    private static final String QUERY = "model.layers.0.self_attn.q_proj";

    @TempDir
    Path directory;

    private Path write(Path base, WeightChanges changes, MergeOptions options) {
        Path out = directory.resolve("merged");
        MergedDirectory.write(out, base, changes, options);
        return out;
    }

    private static ShardedWeights open(Path model) {
        return ShardedWeights.open(model, List::of);
    }

    private static JsonNode config(Path model) {
        return ConfigJson.read(model.resolve("config.json")).json();
    }

    private static Tensor weight(Path model, String name) {
        try (ShardedWeights weights = open(model)) {
            return weights.tensor(name);
        }
    }

    @ParameterizedTest
    @FieldSource("DECODERS")
    void aMergedDecoderHasTheLogitsOfPeftsAdapter(String name) throws IOException {
        Path base = GoldenDecoder.directory(name);
        Path merged = write(base, MergedExamples.decoder(name), MergeOptions.defaults());
        GoldenDecoder golden = GoldenDecoder.of(name);
        try (DecoderModel model = DecoderModel.open(merged)) {
            for (int i = 0; i < golden.texts().size(); i++) {
                List<float[]> expected = golden.adapted().get(i);
                try (Continuations texts = new Continuations(model, Adapter.NONE)) {
                    float[] last = texts.append(List.of(golden.texts().get(i)))[0];
                    assertThat(last).containsExactly(expected.getLast(), within(1e-4f));
                }
            }
        }
        try (ShardedWeights before = open(base);
                ShardedWeights after = open(merged)) {
            assertThat(after.names()).isEqualTo(before.names());
        }
        assertThat(config(merged).path("dtype").asString("float32")).isEqualTo("float32");
        assertThat(config(merged).path("torch_dtype").asString("float32")).isEqualTo("float32");
        assertThat(merged.resolve("adapter")).doesNotExist();
        assertThat(merged.resolve("golden.json")).doesNotExist();
    }

    @ParameterizedTest
    @FieldSource("ENCODERS")
    void aMergedEncoderKeepsTheNamesOfItsBaseAndTheTokenizer(String name) throws IOException {
        Path base = MergedExamples.encoder(name);
        Path merged = write(base, MergedExamples.encoderChanges(base), MergeOptions.defaults());
        try (ShardedWeights before = open(base);
                ShardedWeights after = open(merged)) {
            assertThat(after.names()).isEqualTo(before.names());
            long changed = after.names().stream()
                    .filter(weight -> !before.tensor(weight).sameAs(after.tensor(weight)))
                    .count();
            assertThat(changed).isEqualTo(2 * 6);
        }
        assertThat(merged.resolve("tokenizer.json")).hasSameBinaryContentAs(base.resolve("tokenizer.json"));
    }

    @Test
    void theBasesTypesAreKeptOnRequestAndOnlyWhatChangedIsRounded() throws IOException {
        for (String name : List.of("qwen2-tied", "qwen2-shards")) {
            Path base = GoldenDecoder.directory(name);
            MergeOptions options = MergeOptions.defaults();
            Path exact = directory.resolve(name + "-exact");
            Path rounded = directory.resolve(name + "-rounded");
            MergedDirectory.write(exact, base, MergedExamples.decoder(name), options);
            MergedDirectory.write(
                    rounded, base, MergedExamples.decoder(name), options.withPrecision(Precision.AS_BASE));
            double step = name.equals("qwen2-tied") ? 0x1p-8 : 0x1p-11; // half of the last bit, relative
            try (ShardedWeights before = open(base);
                    ShardedWeights wanted = open(exact);
                    ShardedWeights found = open(rounded)) {
                for (String weight : before.names()) {
                    assertThat(found.file(weight).type(weight))
                            .isEqualTo(before.file(weight).type(weight));
                    assertThat(wanted.file(weight).type(weight)).isEqualTo(ElementType.F32);
                    float[] x = wanted.tensor(weight).values();
                    float[] y = found.tensor(weight).values();
                    for (int i = 0; i < x.length; i++) {
                        assertThat((double) y[i]).isCloseTo(x[i], within(Math.abs(x[i]) * step * 1.001 + 0x1p-25));
                    }
                }
            }
            assertThat(config(rounded)).isEqualTo(config(base));
        }
    }

    @Test
    void whatDoesNotFitTheBasesTypeIsRefusedAndNothingIsLeft() throws IOException {
        Path base = GoldenDecoder.directory("qwen2-shards"); // halves
        Tensor large = weight(base, QUERY + ".weight");
        large.values()[3] = 70_000;
        WeightChanges changes = WeightChanges.replacing(Map.of(QUERY + ".weight", large));
        assertThatThrownBy(() -> write(base, changes, MergeOptions.defaults().withPrecision(Precision.AS_BASE)))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContainingAll(QUERY, "in F16", "precision F32");
        assertThat(directory).isEmptyDirectory();
        write(base, changes, MergeOptions.defaults());
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.toList()).hasSize(1);
        }
    }

    @Test
    void weightsAreSpreadOverFilesUpToTheLimit() throws IOException {
        Path base = GoldenDecoder.directory("llama");
        Path merged = write(
                base, MergedExamples.decoder("llama"), MergeOptions.defaults().withMaxShardBytes(4000));
        JsonNode index =
                ConfigJson.read(merged.resolve("model.safetensors.index.json")).json();
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(merged)) {
            all.filter(file -> file.toString().endsWith(".safetensors"))
                    .sorted()
                    .forEach(files::add);
        }
        assertThat(files).hasSizeGreaterThan(5);
        assertThat(files.getFirst()).hasFileName("model-00001-of-%05d.safetensors".formatted(files.size()));
        long total = 0;
        for (Path file : files) {
            try (SafetensorsFile shard = SafetensorsFile.open(file)) {
                long bytes = shard.names().stream()
                        .mapToLong(name -> shard.stored(name).bytes())
                        .sum();
                assertThat(bytes).isLessThanOrEqualTo(4000);
                total += bytes;
                shard.names()
                        .forEach(name -> assertThat(
                                        index.path("weight_map").path(name).asString())
                                .isEqualTo(String.valueOf(file.getFileName())));
            }
        }
        assertThat(index.path("metadata").path("total_size").asLong()).isEqualTo(total);
        assertThat(merged.resolve("model.safetensors")).doesNotExist();
    }

    @Test
    void trainedWeightsStandInThePlaceOfTheBasesUnderTheNamesOfItsFiles() {
        Path base = MergedExamples.encoder("bert-old-names");
        Tensor norm = weight(base, "bert.embeddings.LayerNorm.gamma");
        norm.values()[0] += 0.5f;
        Path merged = write(
                base, WeightChanges.replacing(Map.of("embeddings.LayerNorm.weight", norm)), MergeOptions.defaults());
        assertThat(weight(merged, "bert.embeddings.LayerNorm.gamma").sameAs(norm))
                .isTrue();
    }

    @Test
    void trainedEmbeddingsOfATiedModelStayTied() {
        Path base = GoldenDecoder.directory("llama3-scaled");
        Tensor words = weight(base, MergePlan.WORDS);
        words.values()[5] += 0.5f;
        Path merged = write(base, WeightChanges.replacing(Map.of(MergePlan.WORDS, words)), MergeOptions.defaults());
        assertThat(config(merged).path("tie_word_embeddings").asBoolean()).isTrue();
        try (ShardedWeights weights = open(merged)) {
            assertThat(weights.names()).doesNotContain(MergePlan.HEAD);
            assertThat(weights.tensor(MergePlan.WORDS).sameAs(words)).isTrue();
        }
    }

    @Test
    void aTrainedHeadUntiesATiedModel() {
        for (Precision precision : Precision.values()) {
            Path out = directory.resolve(precision.name());
            Path base = GoldenDecoder.directory("qwen2-tied");
            MergedDirectory.write(
                    out,
                    base,
                    MergedExamples.untied(base),
                    MergeOptions.defaults().withPrecision(precision));
            assertThat(config(out).path("tie_word_embeddings").asBoolean(true)).isFalse();
            assertThat(weight(out, MergePlan.WORDS).sameAs(weight(base, MergePlan.WORDS)))
                    .isTrue();
            assertThat(weight(out, MergePlan.HEAD).sameAs(weight(base, MergePlan.WORDS)))
                    .isFalse();
            try (ShardedWeights files = open(out)) {
                ElementType type = precision == Precision.F32 ? ElementType.F32 : ElementType.BF16;
                assertThat(files.file(MergePlan.HEAD).type(MergePlan.HEAD)).isEqualTo(type);
            }
        }
    }

    @Test
    void aCopyOfTheHeadThatATiedBaseStoresIsLeftOut() throws IOException {
        Path base = copy(GoldenDecoder.directory("qwen2-tied"));
        rewrite(
                base,
                Map.of(
                        MergePlan.HEAD,
                        StoredTensor.floats(ElementType.F32, List.of(1L), () -> Tensor.of(new float[1], 1))));
        Path merged = write(base, MergedExamples.decoder("qwen2-tied"), MergeOptions.defaults());
        try (ShardedWeights weights = open(merged)) {
            assertThat(weights.names()).contains(MergePlan.WORDS).doesNotContain(MergePlan.HEAD);
        }
    }

    @Test
    void tensorsThatHoldNoRealNumbersAndWeightsThatNobodyReadsAreCopied() throws IOException {
        Path base = copy(MergedExamples.encoder("bert-bf16"));
        byte[] ids = {1, 0, 0, 0, 0, 0, 0, 0};
        rewrite(
                base,
                Map.of(
                        "embeddings.position_ids",
                        new StoredTensor(ElementType.I64, List.of(1L, 1L), out -> out.write(ids)),
                        "pooler.dense.bias",
                        StoredTensor.floats(ElementType.F16, List.of(1L), () -> Tensor.of(new float[] {3}, 1))));
        Files.writeString(base.resolve("pytorch_model.bin"), "pickle");
        Path merged = write(base, MergedExamples.encoderChanges(base), MergeOptions.defaults());
        try (SafetensorsFile found = SafetensorsFile.open(merged.resolve("model.safetensors"))) {
            assertThat(found.type("embeddings.position_ids")).isEqualTo(ElementType.I64);
            assertThat(found.type("pooler.dense.bias")).isEqualTo(ElementType.F32);
            assertThat(found.tensor("pooler.dense.bias").values()).containsExactly(3);
        }
        assertThat(merged.resolve("pytorch_model.bin")).doesNotExist();
    }

    private Path copy(Path model) throws IOException {
        Path copy = Files.createDirectory(directory.resolve("base"));
        try (Stream<Path> files = Files.list(model)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, copy.resolve(String.valueOf(file.getFileName())));
            }
        }
        return copy;
    }

    /** The same file with more tensors. */
    private static void rewrite(Path model, Map<String, StoredTensor> more) {
        Path file = model.resolve("model.safetensors");
        try (SafetensorsFile old = SafetensorsFile.open(file)) {
            Map<String, StoredTensor> tensors = new TreeMap<>(more);
            old.names().forEach(name -> tensors.put(name, old.stored(name)));
            SafetensorsWriter.writeStored(file, new TreeMap<>(), tensors);
        }
    }

    @Test
    void aChangeThatDoesNotFitTheBaseIsRefusedAndNothingIsLeft() {
        Tensor one = Tensor.of(new float[] {1}, 1);
        refused(
                WeightChanges.replacing(Map.of("classifier.weight", one)),
                "the base has no weight 'classifier.weight'");
        refused(WeightChanges.replacing(Map.of("model.norm.weight", one)), "has the shape [1], in the base [16]");
        float[] nan = new float[16];
        nan[3] = Float.NaN;
        refused(WeightChanges.replacing(Map.of("model.norm.weight", Tensor.of(nan, 16))), "no finite numbers");
        Tensor a = Tensor.of(new float[16], 1, 16);
        Tensor b = Tensor.of(new float[32], 32, 1);
        refused(lora(QUERY, a, Tensor.of(new float[16], 16, 1)), "makes [16, 16], the weight in the base is [32, 16]");
        refused(lora(QUERY, a, Tensor.of(new float[64], 32, 2)), "no pair of finite matrices");
        refused(lora(QUERY, Tensor.of(nan, 1, 16), b), "no pair of finite matrices");
        refused(lora("lm_head", a, Tensor.of(new float[29], 29, 1)), "an adapter on lm_head cannot be merged");
        refused(lora("model.embed_tokens", a, Tensor.of(new float[29], 29, 1)), "cannot be merged");
        SortedMap<String, Tensor> half = new TreeMap<>(Map.of(QUERY + LoraWeights.A, a));
        refused(
                WeightChanges.of(new LoraWeights(LoraSettings.of(1, 1, "q_proj"), half)),
                "no half of an adapter's pair");
        WeightChanges twice = new WeightChanges(
                lora(QUERY, a, b).lora(), new TreeMap<>(Map.of(QUERY + ".weight", Tensor.of(new float[512], 32, 16))));
        refused(twice, "is changed twice");
    }

    private static WeightChanges lora(String path, Tensor a, Tensor b) {
        return WeightChanges.of(new LoraWeights(
                LoraSettings.of(1, 1, "q_proj"),
                new TreeMap<>(Map.of(path + LoraWeights.A, a, path + LoraWeights.B, b))));
    }

    private void refused(WeightChanges changes, String message) {
        assertThatThrownBy(() -> write(GoldenDecoder.directory("llama"), changes, MergeOptions.defaults()))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(message);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void anythingThatIsThereAlreadyIsLeftAlone() throws IOException {
        Path file = Files.writeString(directory.resolve("merged"), "x");
        assertThatThrownBy(() -> write(
                        GoldenDecoder.directory("llama"), MergedExamples.decoder("llama"), MergeOptions.defaults()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("exists already");
        assertThat(file).hasContent("x");
    }

    @Test
    void moreFilesAppearWithTheModelOrNotAtAll() {
        Path base = GoldenDecoder.directory("llama");
        WeightChanges changes = MergedExamples.decoder("llama");
        Path out = directory.resolve("merged");
        assertThatThrownBy(() -> MergedDirectory.write(out, base, changes, MergeOptions.defaults(), staging -> {
                    throw new IllegalStateException("no head in " + staging);
                }))
                .hasMessageContaining("no head in");
        assertThat(directory).isEmptyDirectory();
        MergedDirectory.write(out, base, changes, MergeOptions.defaults(), staging -> {
            Replacement.write(staging.resolve("classifier.json"), file -> file.write('x'));
            assertThat(out).doesNotExist();
        });
        assertThat(out.resolve("classifier.json")).hasContent("x");
    }

    @Test
    void aFileThatIsNotWhatWasMeantIsFound() throws IOException {
        Path base = GoldenDecoder.directory("qwen2-tied");
        WeightChanges changes = MergedExamples.decoder("qwen2-tied");
        for (Precision precision : Precision.values()) { // compared as values, and as copied bytes
            Path merged = directory.resolve(precision.name());
            MergedDirectory.write(merged, base, changes, MergeOptions.defaults().withPrecision(precision));
            try (ShardedWeights files = open(base)) {
                MergePlan plan = MergePlan.of(files, changes, true, precision);
                SortedMap<String, Meant> meant = new TreeMap<>();
                plan.names().forEach(name -> meant.put(name, plan.meant(name)));
                Verification verification = new Verification(Family.DECODER, base, merged);
                verification.weights(meant);
                verification.outputs(plan, changes);
                Path file = merged.resolve("model.safetensors");
                byte[] bytes = Files.readAllBytes(file);
                bytes[bytes.length - 1] ^= 1;
                Files.write(file, bytes);
                assertThatThrownBy(() -> verification.weights(meant)).hasMessageContaining("is not what was written");
                Verification bare = new Verification(Family.DECODER, base, base);
                assertThatThrownBy(() -> bare.outputs(plan, changes)).hasMessageContaining("computes something else");
            }
        }
    }
}
