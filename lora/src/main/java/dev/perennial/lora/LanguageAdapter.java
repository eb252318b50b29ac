package dev.perennial.lora;

import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.decoder.DecoderModel;
import dev.perennial.lora.lifetime.Retained;
import dev.perennial.lora.model.Adapter;
import dev.perennial.lora.tensor.Torch;
import org.jspecify.annotations.Nullable;

/**
 * An adapter in memory over a shared language model: {@link LanguageModel#adapter}. Many threads may use it at once; it may
 * be closed while others are inside a call.
 */
public final class LanguageAdapter implements PooledAdapter<LanguageAdapter> {
    private final String name;
    private final DecoderModel model;
    private final Adapter layers;
    private final long bytes;
    private final Retained retained;

    /** @param base keeps the model */
    LanguageAdapter(String name, DecoderModel model, Trained weights, Retained.Hold base) {
        this.name = name;
        this.model = model;
        this.bytes = weights.bytes();
        PtNDManager memory = Torch.within(model.memory());
        try {
            this.layers = Tuned.of(memory, model.weights(), weights).adapter();
        } catch (RuntimeException e) {
            memory.close();
            throw e;
        }
        this.retained = new Retained("the adapter " + name, () -> {
            memory.close();
            base.close();
        });
    }

    /** Another handle on the weights of one. */
    private LanguageAdapter(LanguageAdapter shared) {
        Retained.Hold hold = shared.hold();
        this.name = shared.name;
        this.model = shared.model;
        this.bytes = shared.bytes;
        this.layers = shared.layers;
        this.retained = new Retained("this handle of the adapter " + name, hold::close);
    }

    @Override
    public LanguageAdapter share() {
        return new LanguageAdapter(this);
    }

    /** The last part of its directory's path, the name it has in a pool, or {@code tuned} if it came from a training. */
    public String name() {
        return name;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    /** {@link Adapter#NONE} without one. */
    static Adapter layers(@Nullable LanguageAdapter adapter) {
        return adapter == null ? Adapter.NONE : adapter.layers;
    }

    Retained.Hold hold() {
        return retained.hold();
    }

    @Override
    public boolean inUse() {
        return retained.inUse();
    }

    void requireMadeFor(DecoderModel other) {
        if (!model.memory().equals(other.memory())) {
            throw new IllegalArgumentException(
                    "the adapter %s was loaded over %s: load it with the model that is to use it"
                            .formatted(name, model.id()));
        }
    }

    /** Frees the weights once the last call that uses them is through. */
    @Override
    public void close() {
        retained.close();
    }
}
