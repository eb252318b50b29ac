package dev.perennial.lora.model;

import java.util.Locale;

/**
 * Where in a model a weight is, by its name: that of an array, of a linear, or of what adapts a linear. With this, "the
 * first eight layers are frozen" is a question about names: {@code layer(name) < 8}, embeddings included.
 *
 * @param layerPrefix what comes before a layer's index
 * @param embeddingsPrefix what the names of all that is below the first layer start with
 * @param layers all of the model
 */
public record WeightNames(String layerPrefix, String embeddingsPrefix, int layers) {
    /** The layer of embeddings, below the first one. */
    public static final int EMBEDDINGS = -1;

    /**
     * The layer's index from 0; {@link #EMBEDDINGS} for what is below the first layer, the number of layers for what is
     * above the last: the last norm, a head, whatever else is not the base model's.
     *
     * @throws IllegalArgumentException if the name is that of a layer that the model does not have
     */
    public int layer(String name) {
        if (name.startsWith(embeddingsPrefix)) {
            return EMBEDDINGS;
        }
        if (!name.startsWith(layerPrefix)) {
            return layers;
        }
        int end = name.indexOf('.', layerPrefix.length());
        String index = name.substring(layerPrefix.length(), Math.max(end, layerPrefix.length()));
        if (!index.matches("[0-9]{1,6}") || Integer.parseInt(index) >= layers) {
            throw new IllegalArgumentException("'%s' is in none of the model's %d layers".formatted(name, layers));
        }
        return Integer.parseInt(index);
    }

    /** Whether it is the weight or bias of a norm, in whatever layer or outside of them. */
    public boolean isNorm(String name) {
        String module = name.substring(0, Math.max(0, name.lastIndexOf('.')));
        String last = module.substring(module.lastIndexOf('.') + 1);
        return last.toLowerCase(Locale.ROOT).endsWith("norm");
    }
}
