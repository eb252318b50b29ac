package dev.perennial.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.bert.BertDirectory;
import dev.perennial.lora.bert.BertEncoder;
import dev.perennial.lora.bert.BertModel;
import dev.perennial.lora.bert.BertWeights;
import dev.perennial.lora.bert.Pooling;
import dev.perennial.lora.bert.TokenBatch;
import dev.perennial.lora.decoder.CausalExample;
import dev.perennial.lora.decoder.CausalLoss;
import dev.perennial.lora.decoder.Decoder;
import dev.perennial.lora.decoder.DecoderBatch;
import dev.perennial.lora.decoder.DecoderModel;
import dev.perennial.lora.decoder.DecoderWeights;
import dev.perennial.lora.decoder.GoldenDecoder;
import dev.perennial.lora.model.Adapter;
import dev.perennial.lora.model.ModelWeights;
import dev.perennial.lora.tensor.Torch;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** Every method over every family of models against transformers and peft; what is compared is in golden_methods.py. */
class MethodsGoldenTest {
    private static final int RUNS = 26;

    static Path resources() {
        try {
            return Path.of(MethodsGoldenTest.class.getResource("/methods").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code <model>/<method>}. */
    static List<String> runs() throws IOException {
        try (Stream<Path> files = Files.walk(resources(), 2)) {
            return files.map(file -> resources().relativize(file))
                    .filter(file -> file.getNameCount() == 2)
                    .map(file -> file.toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void allRunsAreThere() throws IOException {
        assertThat(runs()).hasSize(RUNS).contains("llama/qlora", "roberta/prefix", "qwen2-tied/full", "roberta/head");
    }

    @ParameterizedTest
    @MethodSource("runs")
    void logitsAndGradientsAreThoseOfTheReference(String run) throws IOException {
        with(run, method -> {
            assertThat(worst(method.logits(), method.golden.logits())).isCloseTo(0, within(1e-4));
            SortedMap<String, float[]> expected = method.expectedGradients();
            SortedMap<String, float[]> gradients = method.gradients();
            assertThat(gradients.keySet()).isEqualTo(expected.keySet());
            gradients.forEach((name, gradient) ->
                    assertThat(gradient).as(name).containsExactly(expected.get(name), within(1e-5f)));
        });
    }

    @ParameterizedTest
    @MethodSource("runs")
    void tenStepsOfAdamWLoseWhatTheyLoseInTheReference(String run) throws IOException {
        with(run, method -> {
            List<Double> losses = method.losses();
            for (int i = 0; i < losses.size(); i++) {
                assertThat(losses.get(i))
                        .as("step " + (i + 1))
                        .isCloseTo(method.golden.losses().get(i), within(1e-4));
            }
            assertThat(losses.getLast()).isLessThan(losses.getFirst());
            assertThat(worst(method.logits(), method.golden.after())).isCloseTo(0, within(1e-4));
        });
    }

    @Test
    void stepsLeaveNoArrayBehind() throws IOException {
        for (String run : List.of("llama/qlora", "qwen2-tied/prefix", "bert-sharded/full", "roberta/prefix")) {
            with(run, method -> {
                method.losses();
                int arrays = method.managedArrays();
                method.losses();
                method.logits();
                assertThat(method.managedArrays()).as(run).isEqualTo(arrays);
            });
        }
    }

    private interface Check {
        void on(GoldenMethod method) throws IOException;
    }

    private static void with(String run, Check check) throws IOException {
        Path directory = resources().resolve(run);
        String name = run.substring(0, run.indexOf('/'));
        if (GoldenDecoder.NAMES.contains(name)) {
            try (DecoderModel model = DecoderModel.open(GoldenDecoder.directory(name));
                    GoldenMethod method =
                            new GoldenMethod(directory, new Answers(GoldenDecoder.of(name)), model.weights())) {
                int arrays = model.memory().getManagedArrays().size();
                check.on(method);
                assertThat(model.memory().getManagedArrays()).hasSize(arrays);
            }
        } else {
            Path encoder = resources().resolveSibling("encoders").resolve(name);
            try (BertModel model = BertDirectory.load(encoder);
                    GoldenMethod method = new GoldenMethod(directory, Classes.of(encoder), model.weights())) {
                int arrays = model.memory().getManagedArrays().size();
                check.on(method);
                assertThat(model.memory().getManagedArrays()).hasSize(arrays);
            }
        }
    }

    private record Answers(GoldenDecoder golden) implements GoldenMethod.Task {
        @Override
        public PtNDArray loss(
                PtNDManager scope, ModelWeights weights, Adapter adapter, Map<String, PtNDArray> classifier) {
            List<CausalExample> examples = IntStream.range(0, golden.texts().size())
                    .mapToObj(i -> new CausalExample(
                            golden.texts().get(i), golden.prompts().get(i)))
                    .toList();
            return CausalLoss.of(scope, (DecoderWeights) weights, adapter, examples);
        }

        @Override
        public List<List<float[]>> logits(
                PtNDManager scope, ModelWeights weights, Adapter adapter, Map<String, PtNDArray> classifier) {
            DecoderWeights decoder = (DecoderWeights) weights;
            DecoderBatch batch = DecoderBatch.of(scope, decoder.config(), golden.texts());
            PtNDArray logits = Decoder.logits(decoder, Decoder.hidden(decoder, adapter, batch)); // [B,T,V]
            List<List<float[]>> rows =
                    rows(logits.toFloatArray(), logits.getShape().getShape());
            List<List<float[]>> result = new ArrayList<>();
            for (int i = 0; i < rows.size(); i++) {
                result.add(rows.get(i).subList(0, golden.texts().get(i).length));
            }
            return result;
        }
    }

    private record Classes(List<long[]> ids) implements GoldenMethod.Task {
        private record Texts(List<long[]> ids) {}

        static Classes of(Path encoder) throws IOException {
            return new Classes(JsonMapper.shared()
                    .readValue(Files.readAllBytes(encoder.resolve("golden.json")), Texts.class)
                    .ids());
        }

        private PtNDArray scores(
                PtNDManager scope, ModelWeights weights, Adapter adapter, Map<String, PtNDArray> classifier) {
            TokenBatch batch = TokenBatch.of(scope, ((BertWeights) weights).config(), ids, Pooling.MEAN);
            PtNDArray vectors = BertEncoder.embed((BertWeights) weights, adapter, batch);
            return JniUtils.linear(
                    vectors, classifier.get("classifier.weight"), classifier.get("classifier.bias")); // [B,L]
        }

        @Override
        public PtNDArray loss(
                PtNDManager scope, ModelWeights weights, Adapter adapter, Map<String, PtNDArray> classifier) {
            PtNDArray logProbabilities =
                    JniUtils.logSoftmax(scores(scope, weights, adapter, classifier), 1, DataType.FLOAT32);
            PtNDArray classes = Torch.longs(scope, new long[] {0, 1, 2, 1}, 4, 1);
            return JniUtils.neg(JniUtils.mean(JniUtils.gather(logProbabilities, classes, 1)));
        }

        @Override
        public List<List<float[]>> logits(
                PtNDManager scope, ModelWeights weights, Adapter adapter, Map<String, PtNDArray> classifier) {
            PtNDArray scores = scores(scope, weights, adapter, classifier);
            return rows(scores.toFloatArray(), new long[] {ids.size(), 1, 3});
        }
    }

    private static List<List<float[]>> rows(float[] flat, long[] shape) {
        int t = (int) shape[1];
        int v = (int) shape[2];
        return IntStream.range(0, (int) shape[0])
                .mapToObj(i -> IntStream.range(i * t, (i + 1) * t)
                        .mapToObj(row -> Arrays.copyOfRange(flat, row * v, (row + 1) * v))
                        .toList())
                .toList();
    }

    /** The largest difference. */
    private static double worst(List<List<float[]>> found, List<List<float[]>> expected) {
        assertThat(found).hasSameSizeAs(expected);
        double worst = 0;
        for (int i = 0; i < expected.size(); i++) {
            assertThat(found.get(i)).hasSameSizeAs(expected.get(i));
            for (int j = 0; j < expected.get(i).size(); j++) {
                float[] x = found.get(i).get(j);
                float[] y = Objects.requireNonNull(expected.get(i).get(j));
                assertThat(x).hasSameSizeAs(y);
                for (int k = 0; k < x.length; k++) {
                    worst = Math.max(worst, Math.abs(x[k] - y[k]));
                }
            }
        }
        return worst;
    }
}
