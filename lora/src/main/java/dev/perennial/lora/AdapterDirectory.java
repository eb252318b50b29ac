package dev.perennial.lora;

import dev.perennial.lora.adapter.LoraDirectory;
import dev.perennial.lora.adapter.LoraWeights;
import dev.perennial.lora.adapter.PrefixDirectory;
import dev.perennial.lora.adapter.PrefixWeights;
import dev.perennial.lora.adapter.TaskType;
import dev.perennial.lora.adapter.TuningMethod;
import dev.perennial.lora.model.ConfigJson;
import dev.perennial.lora.model.ModelWeights;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** An adapter as peft writes and loads it, whatever its kind: a LoRA or a prefix. */
final class AdapterDirectory {
    private AdapterDirectory() {}

    /**
     * Writes it, reads it again and compares.
     *
     * @param trained by LoRA or prefix tuning
     * @param baseModel what peft is told the adapter belongs to
     */
    static void write(Path directory, Trained trained, ModelWeights base, String baseModel, TaskType task) {
        if (trained.method() instanceof TuningMethod.Prefix) {
            PrefixWeights prefix = new PrefixWeights(base.attention(), trained.tensor(PrefixWeights.EMBEDDINGS));
            PrefixDirectory.write(directory, prefix, baseModel, task);
        } else {
            LoraDirectory.write(directory, trained.lora().orElseThrow(), task, baseModel, base.linears());
        }
    }

    /**
     * Reads it for a model and checks it before anything native is allocated.
     *
     * @throws ModelFormatException if it is neither or does not fit the model
     */
    static Trained read(Path directory, ModelWeights base) {
        Path config = directory.resolve(LoraDirectory.CONFIG);
        if (ConfigJson.read(config).textOr("peft_type", "").equals(PrefixDirectory.TYPE)) {
            PrefixWeights prefix = PrefixDirectory.read(directory, base.attention());
            requireRoom(directory, base, prefix);
            return new Trained(
                    new TuningMethod.Prefix(prefix.tokens()),
                    new TreeMap<>(Map.of(PrefixWeights.EMBEDDINGS, prefix.embeddings())));
        }
        LoraWeights lora = LoraDirectory.read(directory, base.linears());
        return new Trained(TuningMethod.lora(lora.settings()), lora.tensors());
    }

    private static void requireRoom(Path directory, ModelWeights base, PrefixWeights prefix) {
        try {
            base.textTokens(prefix.tokens());
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException("%s: %s".formatted(directory, e.getMessage()), e);
        }
    }
}
