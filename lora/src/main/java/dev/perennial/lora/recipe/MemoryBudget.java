package dev.perennial.lora.recipe;

/**
 * What a run trades between memory and time.
 *
 * @param checkpointing whether a layer's intermediate results are computed again in the backward pass instead of being
 *     kept (Chen et al., arXiv:1604.06174): for long texts
 * @param frozenBytes room for the outputs of the frozen layers below the lowest trained one, which are computed once a
 *     text; texts beyond it are computed every time
 */
public record MemoryBudget(boolean checkpointing, long frozenBytes) {
    public MemoryBudget {
        if (frozenBytes < 0) {
            throw new IllegalArgumentException("frozenBytes must not be negative, not " + frozenBytes);
        }
    }

    /** Nothing twice, and 256 MiB. */
    public static MemoryBudget usual() {
        return new MemoryBudget(false, 256L << 20);
    }
}
