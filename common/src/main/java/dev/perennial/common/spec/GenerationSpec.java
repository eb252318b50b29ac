package dev.perennial.common.spec;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How synthetic samples are made.
 *
 * @param template name of the prompt template; empty means that nothing is generated
 * @param provider {@code default} (an outside LLM where one is configured, else offline), {@code openai} or
 *     {@code offline}
 * @param perRound samples asked for in one generation round
 * @param difficulty shares of easy, medium and hard samples, summing to 1
 * @param knowledge names of the knowledge files uploaded for the model
 */
public record GenerationSpec(
        String template,
        String provider,
        Integer perRound,
        Map<String, Double> difficulty,
        List<String> styles,
        List<String> knowledge,
        Budget budget) {
    public static final GenerationSpec DEFAULT = new GenerationSpec(null, null, null, null, null, null, null);

    public GenerationSpec(
            @Nullable String template,
            @Nullable String provider,
            @Nullable Integer perRound,
            @Nullable Map<String, Double> difficulty,
            @Nullable List<String> styles,
            @Nullable List<String> knowledge,
            @Nullable Budget budget) {
        this.template = template == null ? "" : template;
        this.provider = provider == null ? "default" : provider;
        this.perRound = perRound == null ? 400 : perRound;
        this.difficulty = difficulty == null ? Map.of("easy", 0.3, "medium", 0.5, "hard", 0.2) : Map.copyOf(difficulty);
        this.styles = styles == null ? List.of("formal", "chatty") : List.copyOf(styles);
        this.knowledge = knowledge == null ? List.of() : List.copyOf(knowledge);
        this.budget = budget == null ? new Budget(null) : budget;
    }

    /**
     * What may be spent.
     *
     * @param tokensPerDay LLM tokens, prompt and completion together, over any 24 hours */
    public record Budget(Long tokensPerDay) {
        public Budget(@Nullable Long tokensPerDay) {
            this.tokensPerDay = tokensPerDay == null ? 2_000_000L : tokensPerDay;
        }
    }
}
