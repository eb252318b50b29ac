package dev.perennial.lora;

import dev.perennial.lora.adapter.LoraDirectory;
import dev.perennial.lora.adapter.PrefixDirectory;
import dev.perennial.lora.adapter.PrefixWeights;
import dev.perennial.lora.adapter.TaskType;
import dev.perennial.lora.adapter.TuningMethod;
import dev.perennial.lora.decoder.DecoderModel;
import java.nio.file.Path;

/** What training made of a language model, on the heap. */
public final class LanguageTuning {
    private final DecoderModel model;
    private final Trained trained;

    LanguageTuning(DecoderModel model, Trained trained) {
        this.model = model;
        this.trained = trained;
    }

    public TuningMethod method() {
        return trained.method();
    }

    Trained trained() {
        return trained;
    }

    /**
     * Writes a directory that peft loads, reads it again and compares. The same weights always give the same bytes.
     *
     * @return the directory
     */
    public Path save(Path directory) {
        switch (trained.method()) {
            case TuningMethod.Lora _ ->
                LoraDirectory.write(
                        directory,
                        trained.lora().orElseThrow(),
                        TaskType.CAUSAL_LM,
                        model.id(),
                        model.weights().linears());
            case TuningMethod.Prefix _ ->
                PrefixDirectory.write(
                        directory,
                        new PrefixWeights(model.weights().attention(), trained.tensor(PrefixWeights.EMBEDDINGS)),
                        model.id(),
                        TaskType.CAUSAL_LM);
            case TuningMethod.Full _, TuningMethod.HeadOnly _ -> throw new UnsupportedOperationException("not yet");
        }
        return directory;
    }
}
