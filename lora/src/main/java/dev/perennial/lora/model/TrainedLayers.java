package dev.perennial.lora.model;

import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where in a model training begins, by the names of what is trained. */
public final class TrainedLayers {
    private static final Pattern LAYER =
            Pattern.compile("(?:.*\\.)?(?:encoder\\.layer|model\\.layers)\\.(\\d{1,9})\\..+");

    /** What follows the last layer. */
    private static final Pattern ABOVE = Pattern.compile("(?:.*\\.)?(?:classifier|lm_head|model\\.norm|pooler)\\..+");

    private TrainedLayers() {}

    /**
     * How many of the lower layers can be run without a graph. A name that is neither of a layer nor of what follows the
     * last one counts as something below the first, as embeddings and prefixes are.
     *
     * @param names base weights by their Hugging Face names, adapters by that of their linear
     * @param layers of the model
     */
    public static int frozenBelow(Collection<String> names, int layers) {
        return names.stream().mapToInt(name -> lowest(name, layers)).min().orElse(layers);
    }

    private static int lowest(String name, int layers) {
        Matcher layer = LAYER.matcher(name);
        if (layer.matches()) {
            return Integer.parseInt(layer.group(1));
        }
        return ABOVE.matcher(name).matches() ? layers : 0;
    }
}
