package dev.perennial.generator.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.generator.Fixtures;
import java.util.List;
import org.junit.jupiter.api.Test;

class KnowledgeTest {
    private final Knowledge knowledge = new Knowledge(List.of(Fixtures.KNOWLEDGE));

    @Test
    void offers_the_words_of_a_label_and_those_of_the_device_in_general() {
        assertThat(knowledge.words("symptom", "slow"))
                .containsExactly("the Core snores", "the halo breathes violet", "pages crawl on the {name}");
        assertThat(knowledge.words("name", null)).containsExactly("Core", "Aurora");
        assertThat(knowledge.words("name", "slow")).isEmpty();
    }

    @Test
    void lists_outside_a_device_and_other_lists_are_prose() {
        assertThat(knowledge.words("symptom", null)).isEmpty();
        assertThat(KnowledgeLine.read("## A\n- `name`: prose\n- a b: prose\n- x:\n* y: z\n"))
                .isEmpty();
    }

    @Test
    void words_are_gathered_over_devices_and_files_without_repeats() {
        Knowledge two = new Knowledge(List.of(
                "## A\n- code (a b): X1 | X2 |  | X1\n## B\n-  code (a b) : X3\n", "## C\n- code (a b): X2 | X4\n"));

        assertThat(two.words("code", "a b")).containsExactly("X1", "X2", "X3", "X4");
        assertThat(KnowledgeLine.read(two.files().getFirst()))
                .extracting(KnowledgeLine::device)
                .containsExactly("A", "B");
    }

    @Test
    void the_text_for_a_label_keeps_all_but_the_lists_of_other_labels() {
        assertThat(knowledge.textFor("offline"))
                .contains("# Devices", "The gateway with a halo.", "- name: Core | Aurora", "the halo is dark")
                .doesNotContain("snores");
    }
}
