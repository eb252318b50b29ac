package dev.perennial.generator.provider.offline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RewriterTest {
    private final SplittableRandom random = new SplittableRandom(3);

    @Test
    void a_synonym_takes_the_place_and_the_capital_of_a_whole_word() {
        Rewrite synonyms = new SynonymRewrite(List.of(List.of("slow", "sluggish")));

        assertThat(synonyms.apply("Slow since noon", random)).isEqualTo("Sluggish since noon");
        assertThat(synonyms.apply("slowly", random)).isEqualTo("slowly");
    }

    @Test
    void contractions_are_made_and_spelled_out() {
        Rewrite contractions = new ContractionRewrite(Map.of("can't", "cannot"));

        assertThat(contractions.apply("I can't sign in", random)).isEqualTo("I cannot sign in");
        assertThat(contractions.apply("Cannot sign in", random)).isEqualTo("Can't sign in");
    }

    @Test
    void openings_and_closings_are_added_once() {
        Rewrite opening = Rewrite.opening(List.of("hello"));
        Rewrite closing = Rewrite.closing(List.of("thanks"));

        assertThat(opening.apply("My line is dead", random)).isEqualTo("hello, my line is dead");
        assertThat(opening.apply("Hello, my line is dead", random)).isEqualTo("Hello, my line is dead");
        assertThat(opening.apply("I'm offline", random)).isEqualTo("hello, I'm offline");
        assertThat(closing.apply("my line is dead.", random)).isEqualTo("my line is dead, thanks");
        assertThat(closing.apply("is it dead?", random)).isEqualTo("is it dead? thanks");
        assertThat(closing.apply("dead, thanks!", random)).isEqualTo("dead, thanks!");
    }

    @Test
    void clauses_change_places() {
        assertThat(Rewrite.swapClauses("Since Monday, my line is dead!", random))
                .isEqualTo("my line is dead, since Monday!");
        assertThat(Rewrite.swapClauses("one clause only", random)).isEqualTo("one clause only");
    }

    @Test
    void a_typo_changes_one_longer_word_by_one_letter() {
        for (int i = 0; i < 50; i++) {
            String typo = Typos.make("my connection is off", random);

            assertThat(typo).matches("my c\\w{7,9}n is off");
            assertThat(typo.length()).isBetween(19, 21);
        }
        assertThat(Typos.make("far too few", random)).isEqualTo("far too few");
    }

    @Test
    void rewrites_differ_from_each_other() {
        Rewriter rewriter = new Rewriter(Lexicon.of("en-GB"));
        List<String> rewrites = IntStream.range(0, 30)
                .mapToObj(i -> rewriter.rewrite("I can't use the internet since yesterday, please help me", 2, random))
                .distinct()
                .toList();

        assertThat(rewrites).hasSizeGreaterThan(20);
    }

    @Test
    void a_language_without_a_lexicon_still_gets_typos() {
        assertThat(new Rewriter(Lexicon.of("sv")).rewrite("uppkopplingen fungerar inte", 1, random))
                .isNotEqualTo("uppkopplingen fungerar inte");
    }
}
