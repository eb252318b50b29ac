package dev.perennial.lora.model;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.tensor.Torch;
import java.util.List;

/**
 * Token ids on their way to the device. On some an index beyond the embeddings is no exception but the end of the process:
 * it is refused here.
 */
public final class TokenIds {
    private TokenIds() {}

    /**
     * Texts of at most T tokens, [B,T], each filled up with zeros.
     *
     * @param vocabulary how many tokens the model has
     * @throws IllegalArgumentException if a text holds another one
     */
    public static PtNDArray padded(PtNDManager scope, List<long[]> texts, int t, int vocabulary) {
        long[] ids = new long[texts.size() * t];
        for (int i = 0; i < texts.size(); i++) {
            long[] text = texts.get(i);
            requireKnown("a text", text, vocabulary);
            System.arraycopy(text, 0, ids, i * t, text.length);
        }
        return Torch.longs(scope, ids, texts.size(), t);
    }

    /**
     * Refuses tokens that the model lacks.
     *
     * @param text what the message calls it
     */
    public static void requireKnown(String text, long[] ids, int vocabulary) {
        for (long id : ids) {
            if (id < 0 || id >= vocabulary) {
                throw new IllegalArgumentException(
                        "%s holds the token %d: the model has those from 0 to %d".formatted(text, id, vocabulary - 1));
            }
        }
    }
}
