package dev.perennial.lora;

import dev.perennial.lora.decoder.CausalExample;
import dev.perennial.lora.model.Digest;
import dev.perennial.lora.recipe.Retention;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a language model's run learns from. In every text at least one token must count.
 *
 * <p>{@code validation} picks the best epoch by its loss and stops the run early; without it the run takes all its epochs
 * and keeps the last weights.
 *
 * @param earlier what was learnt before, for a recipe that is to keep it ({@link Retention})
 */
public record CausalData(List<CausalExample> train, List<CausalExample> validation, List<CausalExample> earlier) {
    public CausalData {
        train = List.copyOf(train);
        validation = List.copyOf(validation);
        earlier = List.copyOf(earlier);
        if (train.isEmpty()) {
            throw new IllegalArgumentException("train must not be empty");
        }
        requireTargets(train, "train");
        requireTargets(validation, "validation");
        requireTargets(earlier, "earlier");
    }

    private static void requireTargets(List<CausalExample> examples, String name) {
        for (int i = 0; i < examples.size(); i++) {
            if (examples.get(i).targets() == 0) {
                throw new IllegalArgumentException(
                        "no token of %s[%d] counts: it is all prompt, or its answer is beyond maxTokens"
                                .formatted(name, i));
            }
        }
    }

    /** With nothing to keep. */
    public CausalData(List<CausalExample> train, List<CausalExample> validation) {
        this(train, validation, List.of());
    }

    /** Cut to a length. */
    CausalData cut(int maxTokens) {
        return new CausalData(cut(train, maxTokens), cut(validation, maxTokens), cut(earlier, maxTokens));
    }

    private static List<CausalExample> cut(List<CausalExample> examples, int maxTokens) {
        return examples.stream().map(example -> example.cut(maxTokens)).toList();
    }

    /** Without the earlier examples if the recipe has no use for them: they have no effect then. */
    CausalData usedBy(Retention retention) {
        return new CausalData(train, validation, TrainingData.used(earlier, retention));
    }

    /** The new examples, then the earlier ones. */
    List<CausalExample> all() {
        return Stream.concat(train.stream(), earlier.stream()).toList();
    }

    void addTo(Digest digest) {
        Stream.of(train, validation, earlier).forEach(examples -> {
            digest.add(examples.size());
            examples.forEach(example -> digest.add(bytes(example)));
        });
    }

    private static ByteBuffer bytes(CausalExample example) {
        ByteBuffer bytes = ByteBuffer.allocate(8 + 9 * example.tokens().length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(example.tokens().length).putFloat(example.weight());
        for (int i = 0; i < example.tokens().length; i++) {
            bytes.putLong(example.tokens()[i]).put((byte) (example.counted()[i] ? 1 : 0));
        }
        return bytes.flip();
    }
}
