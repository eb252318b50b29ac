package dev.perennial.generator;

import dev.perennial.generator.call.Price;
import dev.perennial.generator.generation.RunSettings;
import dev.perennial.generator.knowledge.KnowledgeLimit;
import dev.perennial.generator.provider.ResilienceSettings;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Settings of the generator.
 *
 * @param run how generation runs are cut into calls and how long they try
 * @param seedsPerLabel newest accepted real samples that are kept of each label
 * @param knowledge how large knowledge may be
 * @param resilience how calls to an outside LLM are held in check
 * @param price what the outside LLM costs
 */
@ConfigurationProperties(prefix = "perennial.generator", ignoreUnknownFields = false)
public record GeneratorSettings(
        RunSettings run, Integer seedsPerLabel, KnowledgeLimit knowledge, ResilienceSettings resilience, Price price) {
    public GeneratorSettings(
            @Nullable RunSettings run,
            @Nullable Integer seedsPerLabel,
            @Nullable KnowledgeLimit knowledge,
            @Nullable ResilienceSettings resilience,
            @Nullable Price price) {
        this.run = run == null ? new RunSettings(null, null, null, null, null, null) : run;
        this.seedsPerLabel = seedsPerLabel == null ? 200 : seedsPerLabel;
        this.knowledge = knowledge == null ? new KnowledgeLimit(null) : knowledge;
        this.resilience = resilience == null ? ResilienceSettings.DEFAULT : resilience;
        this.price = price == null ? new Price(null, null) : price;
        if (this.seedsPerLabel < 0) {
            throw new IllegalArgumentException("perennial.generator.seeds-per-label must not be negative");
        }
    }
}
