package dev.perennial.generator.generation;

import dev.perennial.common.spec.GenerationSpec;
import dev.perennial.generator.provider.Ask;
import dev.perennial.generator.provider.Materials;
import dev.perennial.generator.provider.SampleProvider;
import dev.perennial.generator.seed.Seed;
import dev.perennial.generator.template.PromptRenderer;
import dev.perennial.generator.template.PromptRenderer.Wish;
import java.util.Map;

/**
 * Everything that an attempt at a run needs.
 *
 * @param wanted samples by label, of the labels that the spec still has
 */
record Brief(
        Generation generation,
        Settled settled,
        GenerationSpec spec,
        Map<String, Integer> wanted,
        PromptRenderer prompts,
        Materials materials,
        SampleProvider provider) {

    Ask ask(PlannedCall call) {
        Wish wish = new Wish(
                call.label(),
                call.wanted(),
                call.style(),
                call.difficulty(),
                call.examples().stream().map(Seed::text).toList());
        return new Ask(
                prompts.render(wish),
                call.label(),
                call.wanted(),
                call.style(),
                call.difficulty(),
                generation.seed(),
                call.offset(),
                call.examples(),
                materials);
    }
}
