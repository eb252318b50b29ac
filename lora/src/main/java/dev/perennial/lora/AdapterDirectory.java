package dev.perennial.lora;

import dev.perennial.lora.adapter.BaseModel;
import dev.perennial.lora.adapter.LoraDirectory;
import dev.perennial.lora.adapter.LoraWeights;
import dev.perennial.lora.adapter.PrefixDirectory;
import dev.perennial.lora.adapter.PrefixWeights;
import dev.perennial.lora.adapter.TaskType;
import dev.perennial.lora.adapter.TuningMethod;
import dev.perennial.lora.hub.ModelHub;
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
     * @param opened the model that was trained
     */
    static void write(Path directory, Trained trained, ModelWeights base, BaseModel opened, TaskType task) {
        if (trained.method() instanceof TuningMethod.Prefix) {
            PrefixWeights prefix = new PrefixWeights(base.attention(), trained.tensor(PrefixWeights.EMBEDDINGS));
            PrefixDirectory.write(directory, prefix, opened, task);
        } else {
            LoraDirectory.write(directory, trained.lora().orElseThrow(), task, opened, base.linears());
        }
    }

    /** What adapters over the model of a directory say that they belong to: its name on the hub it came from, or its path. */
    static BaseModel base(Path directory) {
        return ModelHub.fetched(directory)
                .map(id -> new BaseModel(id.path(), id.revision()))
                .orElseGet(() -> BaseModel.named(directory.toString()));
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
