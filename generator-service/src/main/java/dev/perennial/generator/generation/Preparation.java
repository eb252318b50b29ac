package dev.perennial.generator.generation;

import dev.perennial.common.catalog.ModelCatalog;
import dev.perennial.common.catalog.ModelCatalog.KnownModel;
import dev.perennial.common.spec.GenerationSpec;
import dev.perennial.common.spec.ModelSpec;
import dev.perennial.generator.knowledge.Knowledge;
import dev.perennial.generator.knowledge.KnowledgeStore;
import dev.perennial.generator.provider.Materials;
import dev.perennial.generator.provider.Providers;
import dev.perennial.generator.provider.SampleProvider;
import dev.perennial.generator.template.PromptRenderer;
import dev.perennial.generator.template.TemplateStore;
import dev.perennial.generator.template.TemplateStore.Versioned;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds what a run needs: the model's spec, the template, the knowledge, the provider. */
final class Preparation {
    private final ModelCatalog catalog;
    private final TemplateStore templates;
    private final KnowledgeStore knowledge;
    private final Providers providers;

    Preparation(ModelCatalog catalog, TemplateStore templates, KnowledgeStore knowledge, Providers providers) {
        this.catalog = catalog;
        this.templates = templates;
        this.knowledge = knowledge;
        this.providers = providers;
    }

    /** What came of it. */
    sealed interface Outcome {
        record Ready(Brief brief) implements Outcome {}

        /** Somebody has to change something first, and another run has to be asked for. */
        record Refused(String message) implements Outcome {}

        /** It will be there in a moment. */
        record Waiting(String message) implements Outcome {}
    }

    Outcome prepare(Generation generation) {
        Optional<KnownModel> model = catalog.find(generation.model());
        if (model.isEmpty() || model.get().specVersion() < generation.specVersion()) {
            return new Outcome.Waiting("Version " + generation.specVersion() + " of the spec of model '"
                    + generation.model() + "' has not arrived here yet.");
        }
        ModelSpec spec = model.get().spec();
        List<String> missing = new ArrayList<>();
        Optional<Settled> settled =
                Optional.ofNullable(generation.settled()).or(() -> settle(generation, spec.generation(), missing));
        if (settled.isEmpty()) {
            return new Outcome.Refused(String.join(" ", missing));
        }
        Optional<SampleProvider> provider = provider(settled.get().provider(), missing);
        Map<String, Integer> wanted = generation.wanted().entrySet().stream()
                .filter(label -> spec.task().labels().contains(label.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        if (wanted.isEmpty()) {
            missing.add("None of the wanted labels is a label of model '" + generation.model() + "'.");
        }
        return provider.isEmpty() || wanted.isEmpty()
                ? new Outcome.Refused(String.join(" ", missing))
                : new Outcome.Ready(brief(generation, settled.get(), spec, wanted, provider.get()));
    }

    private Optional<Settled> settle(Generation generation, GenerationSpec spec, List<String> missing) {
        Optional<Versioned> template = template(generation.model(), spec, missing);
        List<String> hashes = knowledge(generation.model(), spec, missing);
        Optional<SampleProvider> provider = provider(spec.provider(), missing);
        return missing.isEmpty()
                ? Optional.of(new Settled(
                        template.orElseThrow().name(),
                        template.orElseThrow().version(),
                        hashes,
                        provider.orElseThrow().name(),
                        provider.orElseThrow().llm()))
                : Optional.empty();
    }

    private Optional<Versioned> template(String model, GenerationSpec spec, List<String> missing) {
        if (spec.template().isEmpty()) {
            missing.add("The spec of model '" + model + "' names no generation.template.");
            return Optional.empty();
        }
        Optional<Versioned> template = templates.current(spec.template());
        if (template.isEmpty()) {
            missing.add("There is no prompt template '" + spec.template() + "'; send it with PUT /api/templates/"
                    + spec.template() + ".");
        }
        return template;
    }

    private List<String> knowledge(String model, GenerationSpec spec, List<String> missing) {
        List<String> hashes = new ArrayList<>();
        for (String file : spec.knowledge()) {
            knowledge
                    .find(model, file)
                    .ifPresentOrElse(
                            hashes::add,
                            () -> missing.add("Knowledge file '" + file + "' is missing; send it with PUT /api/models/"
                                    + model + "/knowledge/" + file + "."));
        }
        return hashes;
    }

    private Optional<SampleProvider> provider(String name, List<String> missing) {
        Optional<SampleProvider> provider = providers.find(name);
        if (provider.isEmpty()) {
            missing.add("Provider '" + name + "' is not configured here; set PERENNIAL_LLM_URL and PERENNIAL_LLM_KEY.");
        }
        return provider;
    }

    private Brief brief(
            Generation generation,
            Settled settled,
            ModelSpec spec,
            Map<String, Integer> wanted,
            SampleProvider provider) {
        Versioned template =
                templates.version(settled.template(), settled.templateVersion()).orElseThrow();
        Knowledge files = knowledge.read(settled.knowledge());
        String language = spec.task().language();
        return new Brief(
                generation,
                settled,
                spec.generation(),
                wanted,
                new PromptRenderer(template.template(), files, spec.task().labels(), language),
                Materials.of(template.template().grammar(), files, language),
                provider);
    }
}
