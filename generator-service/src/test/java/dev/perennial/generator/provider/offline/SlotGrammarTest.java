package dev.perennial.generator.provider.offline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.generator.knowledge.Knowledge;
import dev.perennial.generator.provider.Materials;
import dev.perennial.generator.provider.SampleProviderContract;
import dev.perennial.generator.template.Grammar;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SlotGrammarTest {
    @Test
    void looks_a_slot_up_by_label_then_in_general_then_in_the_grammar() {
        Materials materials = Materials.of(
                new Grammar(
                        Map.of("a", List.of("{x} {y} {z}")),
                        Map.of("x", List.of("x3"), "y", List.of("y3"), "z", List.of("z3"))),
                new Knowledge(List.of("## D\n- x (a): x1\n- x: x2\n- x (b): no\n- y: y2\n- y (b): no\n")),
                "en");

        assertThat(sentences(materials, "a", 0, 1)).containsExactly("x1 y2 z3");
    }

    @Test
    void words_may_hold_slots_themselves() {
        Materials materials = SampleProviderContract.materials();

        assertThat(sentences(materials, "slow", 0, 20))
                .anyMatch(sentence ->
                        sentence.contains("pages crawl on the Core") || sentence.contains("pages crawl on the Aurora"))
                .noneMatch(sentence -> sentence.contains("{"));
    }

    @Test
    void patterns_and_words_that_cannot_be_filled_are_left_out() {
        Materials materials = Materials.of(
                new Grammar(Map.of("a", List.of("{x}", "{lost}"), "b", List.of("{lost}")), Map.of()),
                new Knowledge(List.of("## D\n- x (a): fine | {lost} | {x} again\n")),
                "en");

        assertThat(sentences(materials, "a", 0, 10)).containsExactly("fine");
        assertThat(new SlotGrammar(materials, "b").speaks()).isFalse();
    }

    @Test
    void the_stream_goes_on_where_an_earlier_part_stopped_and_repeats_nothing() {
        Materials materials = SampleProviderContract.materials();
        List<String> parts = new ArrayList<>(sentences(materials, "offline", 0, 7));
        parts.addAll(sentences(materials, "offline", 7, 5));

        assertThat(parts).doesNotHaveDuplicates().isEqualTo(sentences(materials, "offline", 0, 12));
    }

    @Test
    void a_stream_that_has_run_dry_ends() {
        assertThat(sentences(SampleProviderContract.materials(), "offline", 0, 500))
                .hasSizeBetween(12, 16)
                .doesNotHaveDuplicates();
    }

    private static List<String> sentences(Materials materials, String label, int from, int count) {
        return new SlotGrammar(materials, label).sentences(new SplittableRandom(1), from, count);
    }
}
