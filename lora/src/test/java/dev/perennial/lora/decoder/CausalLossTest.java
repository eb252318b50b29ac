package dev.perennial.lora.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.model.Adapter;
import dev.perennial.lora.model.Chains;
import dev.perennial.lora.tensor.Torch;
import java.util.List;
import org.junit.jupiter.api.Test;

class CausalLossTest {
    private static final List<CausalExample> BATCH = List.of(
            new CausalExample(new long[] {3, 4, 5, 6, 7}, 3),
            CausalExample.whole(new long[] {8, 9, 10, 11}).withWeight(3),
            CausalExample.whole(new long[] {1, 2}));

    /** Six tokens count. */
    @Test
    void theLossIsTheSameInParts() {
        for (double smoothing : new double[] {0, 0.3}) {
            double whole = loss(smoothing, 6, 1);
            for (int places = 1; places < 6; places++) {
                assertThat(loss(smoothing, places, Math.ceilDiv(6, places))).isCloseTo(whole, within(1e-6));
            }
        }
    }

    private static double loss(double smoothing, int placesPerPart, int parts) {
        Torch.inference();
        try (DecoderModel model = DecoderModel.open(GoldenDecoder.directory("llama"));
                PtNDManager scope = Torch.within(model.memory())) {
            CausalLoss loss = new CausalLoss(model.weights(), BATCH, 6, smoothing, placesPerPart);
            assertThat(loss.parts()).isEqualTo(parts);
            DecoderBatch batch = DecoderBatch.of(
                    scope,
                    model.config(),
                    BATCH.stream().map(CausalExample::tokens).toList());
            PtNDArray last = Chains.forward(Decoder.chain(model.weights(), Adapter.NONE, batch)); // [B,T,D]
            double sum = 0;
            for (int i = 0; i < parts; i++) {
                sum += loss.part(i, last).getFloat();
            }
            return sum;
        }
    }
}
