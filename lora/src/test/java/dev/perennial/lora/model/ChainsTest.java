package dev.perennial.lora.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.bert.BertDirectory;
import dev.perennial.lora.bert.BertEncoder;
import dev.perennial.lora.bert.BertModel;
import dev.perennial.lora.bert.TokenBatch;
import dev.perennial.lora.decoder.CausalExample;
import dev.perennial.lora.decoder.CausalLoss;
import dev.perennial.lora.decoder.Decoder;
import dev.perennial.lora.decoder.DecoderBatch;
import dev.perennial.lora.decoder.DecoderModel;
import dev.perennial.lora.decoder.GoldenDecoder;
import dev.perennial.lora.tensor.Torch;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ChainsTest {
    static final List<String> DECODERS = GoldenDecoder.NAMES;

    private static final List<long[]> TEXTS =
            List.of(new long[] {3, 4, 5, 6, 7, 8}, new long[] {9, 10, 11}, new long[] {2, 7, 1, 8});
    private static final List<CausalExample> EXAMPLES =
            TEXTS.stream().map(CausalExample::whole).toList();

    private final PtNDManager memory = Torch.memory();
    private final Map<String, PtNDArray> trained = new TreeMap<>();

    @BeforeEach
    void inference() {
        Torch.inference();
    }

    @AfterEach
    void close() {
        memory.close();
    }

    /** Of a batch in a scope, the chain and what follows it. */
    private interface Run {
        double backward(PtNDManager scope, boolean checkpointing);
    }

    private Map<String, float[]> gradients(Run run, boolean checkpointing, List<Double> losses) {
        trained.values().forEach(array -> array.setRequiresGradient(true));
        int before = memory.getManagedArrays().size();
        try (PtNDManager scope = Torch.within(memory)) {
            losses.add(run.backward(scope, checkpointing));
            assertThat(JniUtils.isGradMode()).isFalse();
        }
        assertThat(memory.getManagedArrays()).hasSize(before);
        Map<String, float[]> gradients = new TreeMap<>();
        trained.forEach((name, array) -> {
            try (PtNDArray gradient = JniUtils.getGradient(array)) {
                gradients.put(name, gradient.toFloatArray());
            }
            JniUtils.zeroGrad(array);
        });
        return gradients;
    }

    private void assertCheckpointingChangesNothing(Run run) {
        List<Double> losses = new ArrayList<>();
        Map<String, float[]> expected = gradients(run, false, losses);
        Map<String, float[]> found = gradients(run, true, losses);
        assertThat(losses.get(1)).isEqualTo(losses.get(0)).isNotZero();
        assertThat(found).hasSameSizeAs(expected).isNotEmpty();
        expected.forEach((name, gradient) -> {
            assertThat(found.get(name)).as(name).containsExactly(gradient);
            assertThat(norm(gradient)).as(name).isPositive();
        });
    }

    private static double norm(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }

    private TrainedPairs adapter(List<Linear> linears) {
        TrainedPairs adapter = new TrainedPairs(memory, linears, 0.3);
        trained.putAll(adapter.arrays());
        return adapter;
    }

    private static DecoderModel decoder(String name) {
        return DecoderModel.open(GoldenDecoder.directory(name));
    }

    private static Run run(DecoderModel model, Adapter adapter, int from) {
        return (scope, checkpointing) -> {
            LayerChain chain = Decoder.chain(model.weights(), adapter, DecoderBatch.of(scope, model.config(), TEXTS));
            PtNDArray x = Chains.forward(chain, 0, from, chain.start());
            return Chains.backward(chain, from, x, new CausalLoss(model.weights(), EXAMPLES), checkpointing);
        };
    }

    private static BertModel encoder() {
        try {
            return BertDirectory.load(
                    Path.of(ChainsTest.class.getResource("/tiny-bert").toURI()));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Run run(BertModel model, Adapter adapter) {
        return (scope, checkpointing) -> {
            TokenBatch batch = TokenBatch.of(scope, model.weights().config(), TEXTS, model.pooling());
            LayerChain chain = BertEncoder.chain(model.weights(), adapter, batch);
            Loss loss = (_, last) -> firstDimension(BertEncoder.pooled(batch, last));
            return Chains.backward(chain, 0, chain.start(), loss, checkpointing);
        };
    }

    private static PtNDArray firstDimension(PtNDArray vectors) {
        return JniUtils.sum(JniUtils.slice(vectors, 1, 0, 1, 1));
    }

    @ParameterizedTest
    @FieldSource("DECODERS")
    void checkpointingADecoderChangesNoBitOfAGradient(String name) {
        try (DecoderModel model = decoder(name)) {
            assertCheckpointingChangesNothing(run(model, adapter(model.weights().linears()), 0));
        }
    }

    @Test
    void checkpointingAnEncoderChangesNoBitOfAGradient() {
        try (BertModel model = encoder()) {
            assertCheckpointingChangesNothing(run(model, adapter(model.weights().linears())));
        }
    }

    @Test
    void onlyTheUpperLayersAreTrained() {
        try (DecoderModel model = decoder("llama")) {
            List<Linear> upper = model.weights().linears().stream()
                    .filter(linear -> linear.path().startsWith("model.layers.1."))
                    .toList();
            assertThat(upper).isNotEmpty();
            assertCheckpointingChangesNothing(run(model, adapter(upper), 1));
        }
    }

    @Test
    void embeddingsHeadAndBaseWeightsGetTheirGradients() {
        try (DecoderModel model = decoder("qwen2-tied")) {
            trained.putAll(model.weights().arrays());
            assertCheckpointingChangesNothing((scope, checkpointing) -> {
                LayerChain chain =
                        Decoder.chain(model.weights(), Adapter.NONE, DecoderBatch.of(scope, model.config(), TEXTS));
                return Chains.backward(chain, new CausalLoss(model.weights(), EXAMPLES), checkpointing);
            });
        }
    }

    @Test
    void aHeadAloneIsTrained() {
        try (DecoderModel model = decoder("llama")) {
            trained.put("head", model.weights().head());
            assertCheckpointingChangesNothing(
                    run(model, Adapter.NONE, model.weights().config().layers()));
        }
    }

    @Test
    void gradientsAreThoseOfOneGraph() {
        try (DecoderModel model = decoder("llama3-scaled")) {
            TrainedPairs adapter = adapter(model.weights().linears());
            List<Double> losses = new ArrayList<>();
            Map<String, float[]> expected = gradients(
                    (scope, _) -> {
                        JniUtils.setGradMode(true);
                        PtNDArray loss = CausalLoss.of(scope, model.weights(), adapter, EXAMPLES);
                        JniUtils.backward(loss, Torch.scalar(scope, 1), false, false);
                        JniUtils.setGradMode(false);
                        return loss.getFloat();
                    },
                    false,
                    losses);
            Map<String, float[]> found = gradients(run(model, adapter, 0), true, losses);
            assertThat(losses.get(1)).isEqualTo(losses.get(0));
            expected.forEach(
                    (name, gradient) -> assertThat(found.get(name)).as(name).containsExactly(gradient, within(1e-7f)));
        }
    }
}
