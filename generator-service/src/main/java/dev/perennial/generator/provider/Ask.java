package dev.perennial.generator.provider;

import dev.perennial.generator.seed.Seed;
import dev.perennial.generator.template.Prompt;
import java.util.List;

/**
 * One request for utterances of one label.
 *
 * @param prompt the whole wish in words
 * @param seed of the generation run
 * @param offset how many utterances of this label the run asked for before, so that no two asks of a run are alike
 * @param examples real samples of the label
 * @param materials what the prompt was made from
 */
public record Ask(
        Prompt prompt,
        String label,
        int count,
        String style,
        String difficulty,
        long seed,
        int offset,
        List<Seed> examples,
        Materials materials) {
    public Ask {
        examples = List.copyOf(examples);
    }
}
