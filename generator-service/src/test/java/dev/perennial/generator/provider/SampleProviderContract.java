package dev.perennial.generator.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.generator.Fixtures;
import dev.perennial.generator.knowledge.Knowledge;
import dev.perennial.generator.reply.ReplyReader;
import dev.perennial.generator.reply.Screening;
import dev.perennial.generator.seed.Seed;
import dev.perennial.generator.template.Grammar;
import dev.perennial.generator.template.Prompt;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every provider does. */
public abstract class SampleProviderContract {
    protected abstract SampleProvider provider();

    @Test
    void writes_as_many_utterances_of_the_label_as_asked_for() {
        Screening screening = screen(ask("slow", 5, 0));

        assertThat(screening.kept()).hasSize(5);
        assertThat(screening.kept()).allMatch(utterance -> "slow".equals(utterance.label()));
    }

    @Test
    void asks_that_differ_have_other_addresses_and_equal_ones_have_the_same() {
        SampleProvider provider = provider();

        assertThat(provider.parameters(ask("slow", 5, 0))).isEqualTo(provider.parameters(ask("slow", 5, 0)));
        assertThat(provider.parameters(ask("slow", 5, 0))).isNotEqualTo(provider.parameters(ask("slow", 5, 5)));
        assertThat(provider.parameters(ask("slow", 5, 0))).isNotEqualTo(provider.parameters(ask("offline", 5, 0)));
    }

    @Test
    void tells_what_it_costs_and_does_not_guess_below_nothing() {
        SampleProvider provider = provider();
        Reply reply = provider.reply(ask("slow", 5, 0));

        assertThat(reply.promptTokens()).isNotNegative();
        assertThat(reply.completionTokens()).isNotNegative();
        assertThat(provider.estimatedTokens(ask("slow", 5, 0)) > 0).isEqualTo(reply.tokens() > 0);
        assertThat(provider.name()).matches("[a-z]+");
        assertThat(provider.llm()).isNotBlank();
    }

    protected final Screening screen(Ask ask) {
        return Screening.of(ReplyReader.read(provider().reply(ask).text()), ask.label(), ask.count(), ask.examples());
    }

    public static Ask ask(String label, int count, int offset) {
        return new Ask(
                new Prompt("You write.", "Write " + count + " about " + label + "."),
                label,
                count,
                "chatty",
                "medium",
                42,
                offset,
                List.of(
                        new Seed("s1", "My internet is very slow, it keeps buffering"),
                        new Seed("s2", "I can't load pages since yesterday"),
                        new Seed("s3", "downloads take the whole evening and I don't know why")),
                materials());
    }

    public static Materials materials() {
        return Materials.of(
                new Grammar(
                        Map.of(
                                "slow", List.of("{symptom} {when}", "{hello}, {symptom}", "{hello}, why {symptom}?"),
                                "offline", List.of("{symptom} since {when}"),
                                "untold", List.of("{nowhere}")),
                        Map.of(
                                "hello", List.of("hi", "hello", "good morning"),
                                "when", List.of("yesterday", "last night", "this morning", "on Monday"),
                                "symptom", List.of("never used"))),
                new Knowledge(List.of(Fixtures.KNOWLEDGE)),
                "en");
    }
}
