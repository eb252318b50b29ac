package dev.perennial.lora;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.bert.BertWeights;
import dev.perennial.lora.export.MergeOptions;
import dev.perennial.lora.lifetime.Retained;
import dev.perennial.lora.model.Adapter;
import dev.perennial.lora.probe.Softmax;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * An immutable fine-tuned classifier, adapter and head, over a shared encoder: {@code softmax((W x + b) / T)} of the text's
 * L2-normalised vector x, T the temperature it was calibrated to. Safe for many threads; may be closed while others are inside a call.
 */
public final class TextClassifier implements PooledAdapter<TextClassifier> {
    private final TextEncoder encoder;
    private final ClassifierWeights weights;
    private final Tuned tuned;
    private final BertWeights base;
    private final PtNDArray headWeight; // [L,D]
    private final PtNDArray headBias; // [L]
    private final Retained retained;
    private final TextClassifier original; // itself, if it is no other handle's

    private TextClassifier(TextEncoder encoder, ClassifierWeights weights, PtNDManager memory, Runnable free) {
        this.encoder = encoder;
        this.weights = weights;
        this.tuned = Tuned.of(memory, encoder.model().weights(), weights.trained());
        this.base = encoder.model().weights().with(tuned.replacements());
        this.headWeight = load(memory, ClassifierWeights.HEAD_WEIGHT);
        this.headBias = load(memory, ClassifierWeights.HEAD_BIAS);
        this.retained = new Retained("the classifier", free);
        this.original = this;
    }

    /** Another handle on the weights of one. */
    private TextClassifier(TextClassifier shared) {
        Retained.Hold hold = shared.hold();
        this.encoder = shared.encoder;
        this.weights = shared.weights;
        this.tuned = shared.tuned;
        this.base = shared.base;
        this.headWeight = shared.headWeight;
        this.headBias = shared.headBias;
        this.retained = new Retained("this handle of the classifier", hold::close);
        this.original = shared.original;
    }

    static TextClassifier of(TextEncoder encoder, ClassifierWeights weights) {
        Retained.Hold hold = encoder.hold();
        PtNDManager memory = Torch.memory();
        Runnable free = () -> {
            memory.close();
            hold.close();
        };
        try {
            return new TextClassifier(encoder, weights, memory, free);
        } catch (RuntimeException e) {
            free.run();
            throw e;
        }
    }

    private PtNDArray load(PtNDManager memory, String name) {
        Tensor tensor = weights.tensor(name);
        return Torch.floats(memory, tensor.values(), tensor.dimensions());
    }

    @Override
    public TextClassifier share() {
        return new TextClassifier(this);
    }

    /** The same one of all handles on the same weights. */
    TextClassifier original() {
        return original;
    }

    @Override
    public long bytes() {
        return weights.trained().bytes();
    }

    @Override
    public boolean inUse() {
        return retained.inUse();
    }

    public List<String> labels() {
        return weights.labels();
    }

    /** In the order of the texts. A text beyond the encoder's positions (512 tokens) is cut. */
    public List<Classification> classify(List<String> texts) {
        if (texts.isEmpty()) {
            return List.of();
        }
        try (Retained.Hold _ = retained.hold()) {
            float[][] logits = logits(encoder.tokenize(texts, maxTokens()));
            return Arrays.stream(logits).map(this::classification).toList();
        }
    }

    /** Of the longest text. */
    int maxTokens() {
        return base.textTokens(tuned.adapter().prefixTokens());
    }

    /** Before the temperature, [B][L]. */
    float[][] logits(List<long[]> tokens) {
        try (Retained.Hold _ = retained.hold()) {
            return encoder.run(base, tokens, tuned.adapter(), this::head); // [B,L]
        }
    }

    public Classification classify(String text) {
        return classify(List.of(text)).getFirst();
    }

    /** From vectors [B,D] to logits [B,L]. */
    PtNDArray head(PtNDArray vectors) {
        return JniUtils.linear(vectors, headWeight, headBias);
    }

    Adapter adapter() {
        return tuned.adapter();
    }

    Retained.Hold hold() {
        return retained.hold();
    }

    void requireOver(TextEncoder other) {
        if (!encoder.model().memory().equals(other.model().memory())) {
            throw new IllegalArgumentException(
                    "a classifier was made over %s: give its texts to that encoder".formatted(encoder.id()));
        }
        if (!tuned.replacements().isEmpty()) {
            throw new IllegalArgumentException(
                    "a classifier has weights of its own in the encoder's place: ask it by itself");
        }
    }

    Classification classification(float[] logits) {
        float[] probabilities = Softmax.of(logits, weights.temperature());
        int best = Softmax.argMax(logits);
        return new Classification(labels().get(best), probabilities[best], probabilities, logits);
    }

    /**
     * Writes a PEFT directory, reads it again and compares; only then it is in its place, and one of a classifier or an
     * adapter that was there before is replaced as a whole. Of a fully trained encoder it is a whole encoder, in a new or
     * empty directory. The same classifier always gives the same bytes.
     *
     * @return the directory
     * @throws IllegalArgumentException if the directory holds anything else, which stays
     */
    public Path save(Path directory) {
        ClassifierDirectory.write(directory, encoder, weights);
        return directory;
    }

    /**
     * Writes a LoRA merged into its encoder, with the head beside it: a whole encoder in Hugging Face layout, in a new or
     * empty directory, that needs no adapter. {@code TextEncoder.open(directory)} and its {@code classifier(directory)} read
     * it.
     *
     * @return the directory
     * @throws IllegalStateException if this is no LoRA
     */
    public Path saveMerged(Path directory, MergeOptions options) {
        if (weights.trained().lora().isEmpty()) {
            throw new IllegalStateException(
                    "only a LoRA can be merged, not " + weights.trained().method());
        }
        TunedEncoder.write(directory, encoder, weights, options);
        return directory;
    }

    /** Frees adapter and head once the last call is through; the encoder stays. */
    @Override
    public void close() {
        retained.close();
    }
}
