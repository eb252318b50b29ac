package dev.perennial.lora;

import dev.perennial.lora.adapter.LoraWeights;
import dev.perennial.lora.adapter.TaskType;
import dev.perennial.lora.adapter.TuningMethod;
import dev.perennial.lora.decoder.DecoderModel;
import dev.perennial.lora.export.MergeOptions;
import dev.perennial.lora.export.MergedDirectory;
import dev.perennial.lora.export.WeightChanges;
import java.nio.file.Path;

/**
 * What training made of a language model, on the heap. {@link LanguageModel#adapter} makes use of an adapter at once; a model
 * that was trained itself, in full or its head, is {@linkplain #save saved} and opened.
 */
public final class LanguageTuning {
    private final DecoderModel model;
    private final Path base;
    private final Trained trained;

    /** @param base the model's directory */
    LanguageTuning(DecoderModel model, Path base, Trained trained) {
        this.model = model;
        this.base = base;
        this.trained = trained;
    }

    public TuningMethod method() {
        return trained.method();
    }

    /**
     * Writes a LoRA merged into its base: a whole model that needs no adapter.
     *
     * @return the directory
     * @throws IllegalStateException if this is no LoRA
     */
    public Path saveMerged(Path directory, MergeOptions options) {
        LoraWeights lora = trained.lora()
                .orElseThrow(() -> new IllegalStateException("only a LoRA can be merged, not " + trained.method()));
        MergedDirectory.write(directory, base, WeightChanges.of(lora), options);
        return directory;
    }

    Trained trained() {
        return trained;
    }

    /**
     * The adapter among what was trained.
     *
     * @throws IllegalArgumentException if it is none, or one of another model
     */
    Trained adapterOf(DecoderModel other) {
        if (ownWeights()) {
            throw new IllegalArgumentException(
                    "the training was of the model's own weights (%s), which is no adapter: save it and open the directory"
                            .formatted(trained.method()));
        }
        if (!model.sha256().equals(other.sha256())) {
            throw new IllegalArgumentException(
                    "the training was of %s: give it to that model instead of %s".formatted(model.id(), other.id()));
        }
        return trained;
    }

    private boolean ownWeights() {
        return trained.method() instanceof TuningMethod.Full || trained.method() instanceof TuningMethod.HeadOnly;
    }

    /**
     * Writes a directory, reads it again and compares; only then it is in its place. Of LoRA and a prefix it is one that peft
     * loads, and an adapter that was there before is replaced as a whole; of full and head-only training it is a whole
     * model, in a new or empty directory. The same weights always give the same bytes.
     *
     * @return the directory
     * @throws IllegalArgumentException if the directory holds anything else, which stays
     */
    public Path save(Path directory) {
        if (ownWeights()) {
            MergedDirectory.write(directory, base, WeightChanges.replacing(trained.tensors()), MergeOptions.defaults());
        } else {
            AdapterDirectory.write(
                    directory, trained, model.weights(), AdapterDirectory.base(base), TaskType.CAUSAL_LM);
        }
        return directory;
    }
}
