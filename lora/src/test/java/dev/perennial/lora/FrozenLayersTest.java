package dev.perennial.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.bert.BertEncoder;
import dev.perennial.lora.bert.BertModel;
import dev.perennial.lora.bert.TokenBatch;
import dev.perennial.lora.decoder.Decoder;
import dev.perennial.lora.decoder.DecoderBatch;
import dev.perennial.lora.decoder.DecoderModel;
import dev.perennial.lora.decoder.GoldenDecoder;
import dev.perennial.lora.model.Adapter;
import dev.perennial.lora.model.Chains;
import dev.perennial.lora.model.LayerChain;
import dev.perennial.lora.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FrozenLayersTest {
    private static final int[][] BATCHES = {{5, 80, 2}, {149, 0, 33, 34}, {7}, {80, 6, 149, 100, 101}};

    private final TextEncoder encoder = Fixtures.tinyEncoder();
    private final BertModel bert = encoder.model();
    private final PtNDManager memory = Torch.memory();
    private final List<long[]> texts = texts(150, 20);
    private final long bytes =
            4L * encoder.width() * texts.stream().mapToInt(text -> text.length).sum();
    private final List<Integer> ran = new ArrayList<>();

    private static List<long[]> texts(int count, int longest) {
        Random random = new Random(1);
        List<long[]> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(random.longs(1 + random.nextInt(longest), 0, 29).toArray());
        }
        return texts;
    }

    @BeforeEach
    void inference() {
        Torch.inference();
    }

    @AfterEach
    void close() {
        memory.close();
        encoder.close();
    }

    private LayerChain chain(PtNDManager scope, List<long[]> some) {
        ran.add(some.size());
        return BertEncoder.chain(
                bert.weights(),
                Adapter.NONE,
                TokenBatch.of(scope, bert.weights().config(), some, bert.pooling()));
    }

    private FrozenLayers layers(long maxBytes) {
        return new FrozenLayers(memory, texts, this::chain, 1, encoder.width(), maxBytes);
    }

    private float[] output(FrozenLayers layers, int... batch) {
        try (PtNDManager scope = Torch.within(memory)) {
            return layers.output(scope, batch).toFloatArray();
        }
    }

    /** The batch run by itself, with zeros where a text has ended. */
    private float[] expected(FrozenLayers.Model model, List<long[]> all, int depth, int... batch) {
        List<long[]> some = Arrays.stream(batch).mapToObj(all::get).toList();
        try (PtNDManager scope = Torch.within(memory)) {
            LayerChain chain = model.chain(scope, some);
            PtNDArray x = Chains.forward(chain, 0, depth, chain.start());
            int t = (int) x.getShape().get(1);
            int d = (int) x.getShape().get(2);
            float[] values = x.toFloatArray();
            for (int i = 0; i < batch.length; i++) {
                Arrays.fill(values, (i * t + some.get(i).length) * d, (i + 1) * t * d, 0);
            }
            return values;
        }
    }

    @Test
    void aBatchIsThatOfTheLayersWhateverIsKept() {
        for (long maxBytes : new long[] {bytes, bytes / 2, 0}) {
            try (FrozenLayers layers = layers(maxBytes)) {
                for (int[] batch : BATCHES) {
                    assertThat(output(layers, batch))
                            .as("%d bytes, batch %s", maxBytes, Arrays.toString(batch))
                            .containsExactly(expected(this::chain, texts, 1, batch), within(1e-6f));
                }
            }
        }
    }

    @Test
    void decodersAreKeptToo() {
        List<long[]> some = texts(20, 9);
        try (DecoderModel model = DecoderModel.open(GoldenDecoder.directory("llama"))) {
            FrozenLayers.Model decoder = (scope, batch) ->
                    Decoder.chain(model.weights(), Adapter.NONE, DecoderBatch.of(scope, model.config(), batch));
            int width = model.config().width();
            try (FrozenLayers layers = new FrozenLayers(memory, some, decoder, 1, width, 1 << 20)) {
                assertThat(output(layers, 3, 19, 4, 0))
                        .containsExactly(expected(decoder, some, 1, 3, 19, 4, 0), within(1e-6f));
            }
        }
    }

    @Test
    void aKeptTextIsRunOnce() {
        try (FrozenLayers layers = layers(bytes)) {
            List<float[]> first =
                    Arrays.stream(BATCHES).map(batch -> output(layers, batch)).toList();
            for (int text = 0; text < texts.size(); text++) {
                output(layers, text);
            }
            assertThat(ran.stream().mapToInt(Integer::intValue).sum()).isEqualTo(texts.size());
            for (int i = 0; i < BATCHES.length; i++) {
                assertThat(output(layers, BATCHES[i])).containsExactly(first.get(i));
            }
            assertThat(ran.stream().mapToInt(Integer::intValue).sum()).isEqualTo(texts.size());
        }
    }

    @Test
    void theOrderOfTheBatchesChangesNoBit() {
        for (long maxBytes : new long[] {bytes, bytes / 2, 0}) {
            try (FrozenLayers straight = layers(maxBytes);
                    FrozenLayers resumed = layers(maxBytes)) {
                List<float[]> expected = Arrays.stream(BATCHES)
                        .map(batch -> output(straight, batch))
                        .toList();
                for (int i = BATCHES.length - 1; i >= 0; i--) {
                    assertThat(output(resumed, BATCHES[i])).containsExactly(expected.get(i));
                }
            }
        }
    }

    @Test
    void noMoreIsKeptThanTheBoundAllows() {
        for (long maxBytes : new long[] {0, bytes / 3, bytes - 1, bytes, 2 * bytes}) {
            int before = memory.getManagedArrays().size();
            try (FrozenLayers layers = layers(maxBytes)) {
                for (int text = 0; text < texts.size(); text++) {
                    output(layers, text);
                }
                ran.clear();
                for (int text = 0; text < texts.size(); text++) {
                    output(layers, text);
                }
                int kept = texts.size() - ran.size(); // those that are not are run again, each by itself
                assertThat(layers.keptBytes()).isLessThanOrEqualTo(maxBytes);
                assertThat(kept == texts.size()).isEqualTo(maxBytes >= bytes);
                assertThat(kept > 0).isEqualTo(maxBytes > 0);
            }
            assertThat(memory.getManagedArrays()).hasSize(before);
        }
    }

    @Test
    void batchesLeaveNoArrayBehindAndCarryNoGraph() {
        try (FrozenLayers layers = layers(bytes / 2)) {
            JniUtils.setGradMode(true);
            output(layers, 0);
            int before = memory.getManagedArrays().size() + layers.managedArrays();
            for (int[] batch : BATCHES) {
                output(layers, batch);
                assertThat(JniUtils.isGradMode()).isTrue();
            }
            assertThat(memory.getManagedArrays().size() + layers.managedArrays())
                    .isEqualTo(before);
        } finally {
            Torch.inference();
        }
    }
}
