package dev.perennial.generator.provider.offline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.common.text.ContentHash;
import dev.perennial.generator.provider.Ask;
import dev.perennial.generator.provider.Materials;
import dev.perennial.generator.provider.SampleProvider;
import dev.perennial.generator.provider.SampleProviderContract;
import dev.perennial.generator.reply.Screening;
import dev.perennial.generator.reply.Utterance;
import dev.perennial.generator.template.Grammar;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OfflineProviderTest extends SampleProviderContract {
    private final OfflineProvider provider = new OfflineProvider();

    @Override
    protected SampleProvider provider() {
        return provider;
    }

    @Test
    void the_same_ask_gets_the_same_reply() {
        assertThat(provider.reply(ask("slow", 8, 0))).isEqualTo(new OfflineProvider().reply(ask("slow", 8, 0)));
    }

    @Test
    void mixes_grammar_and_rewrites_and_says_which_is_which() {
        Screening screening = screen(ask("slow", 12, 0));

        assertThat(screening.kept()).extracting(Utterance::strategy).contains("grammar", "rewrite");
        assertThat(screening.kept())
                .filteredOn(utterance -> "rewrite".equals(utterance.strategy()))
                .isNotEmpty()
                .allMatch(utterance -> utterance.seeds().size() == 1);
        assertThat(screening.kept())
                .filteredOn(utterance -> "grammar".equals(utterance.strategy()))
                .isNotEmpty()
                .allMatch(utterance -> utterance.seeds().isEmpty());
    }

    @Test
    void later_asks_of_a_run_bring_other_sentences() {
        List<String> hashes = Stream.of(0, 5, 10)
                .flatMap(offset -> screen(ask("slow", 5, offset)).kept().stream())
                .filter(utterance -> "grammar".equals(utterance.strategy()))
                .map(utterance -> ContentHash.of(utterance.text()))
                .toList();

        assertThat(hashes).hasSizeGreaterThan(9);
        assertThat(hashes.stream().distinct().count()).isGreaterThanOrEqualTo(hashes.size() - 1);
    }

    @Test
    void without_a_grammar_it_rewrites_only() {
        Ask ask = ask("untold", 6, 0);

        assertThat(screen(ask).kept()).isNotEmpty().allMatch(utterance -> "rewrite".equals(utterance.strategy()));
    }

    @Test
    void without_seeds_it_uses_the_grammar_only() {
        assertThat(screen(bare("slow", 6)).kept())
                .hasSize(6)
                .allMatch(utterance -> "grammar".equals(utterance.strategy()));
    }

    @Test
    void with_neither_it_has_nothing_to_say() {
        assertThat(screen(bare("untold", 6)).kept()).isEmpty();
    }

    @Test
    void formal_sentences_are_written_with_capital_and_full_stop() {
        Ask plain = bare("offline", 6);
        Ask formal = new Ask(plain.prompt(), "offline", 6, "formal", "easy", 42, 0, List.of(), plain.materials());

        assertThat(screen(formal).kept())
                .isNotEmpty()
                .allMatch(utterance -> utterance.text().matches("\\p{Lu}.*[.?!]"));
    }

    @Test
    void writes_chinese_from_chinese_samples() {
        Ask ask = new Ask(
                ask("slow", 4, 0).prompt(),
                "slow",
                4,
                "chatty",
                "medium",
                7,
                0,
                List.of(new dev.perennial.generator.seed.Seed("z1", "网速一直很慢，怎么解决")),
                Materials.of(Grammar.NONE, materials().knowledge(), "zh-CN"));

        assertThat(screen(ask).kept())
                .isNotEmpty()
                .allMatch(utterance -> utterance.text().codePoints().anyMatch(Character::isIdeographic));
    }

    private static Ask bare(String label, int count) {
        Ask ask = ask(label, count, 0);
        return new Ask(
                ask.prompt(), label, count, ask.style(), ask.difficulty(), ask.seed(), 0, List.of(), ask.materials());
    }
}
