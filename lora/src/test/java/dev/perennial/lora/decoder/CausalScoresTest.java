package dev.perennial.lora.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.lora.model.Adapter;
import java.util.List;
import org.junit.jupiter.api.Test;

class CausalScoresTest {
    private static final long[] TOKENS = {3, 7, 11, 2, 5, 19, 4};

    @Test
    void theTokensThatCountAreScoredWhereverTheyAre() {
        try (DecoderModel model = DecoderModel.open(GoldenDecoder.directory("llama"))) {
            boolean[] turns = {true, false, true, true, false, true, false}; // nothing comes before the first
            float[] all = scores(model, CausalExample.whole(TOKENS));
            float[] found = scores(model, new CausalExample(TOKENS, turns, 1));
            assertThat(found).containsExactly(new float[] {all[1], all[2], all[4]}, within(1e-6f));
            assertThat(scores(model, new CausalExample(TOKENS, TOKENS.length))).isEmpty();
        }
    }

    private static float[] scores(DecoderModel model, CausalExample example) {
        CausalExample longer = CausalExample.whole(new long[] {1, 2, 3, 4, 5, 6, 7, 8, 9});
        return CausalScores.of(model, Adapter.NONE, List.of(longer, example)).get(1);
    }
}
