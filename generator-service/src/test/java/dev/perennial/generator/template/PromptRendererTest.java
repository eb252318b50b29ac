package dev.perennial.generator.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.generator.Fixtures;
import dev.perennial.generator.knowledge.Knowledge;
import dev.perennial.generator.template.PromptRenderer.Wish;
import java.util.List;
import org.junit.jupiter.api.Test;

class PromptRendererTest {
    private final PromptRenderer renderer = new PromptRenderer(
            TemplateReader.read("intents", Fixtures.TEMPLATE),
            new Knowledge(List.of(Fixtures.KNOWLEDGE)),
            List.of("offline", "slow"),
            "en");

    @Test
    void fills_every_slot_and_leaves_out_what_other_labels_know() {
        Prompt prompt = renderer.render(new Wish("slow", 7, "chatty", "hard", List.of("it crawls", "so slow")));

        assertThat(prompt.system()).isEqualTo("You write requests of customers in en.");
        assertThat(prompt.user())
                .contains("Write 7 about slow: It is slower than it should be. (chatty, hard)")
                .contains("- it crawls\n- so slow")
                .contains("the Core snores")
                .contains("The gateway with a halo.")
                .contains("\"label\": \"slow\"")
                .doesNotContain("the halo is dark")
                .doesNotContain("{{");
    }

    @Test
    void a_slot_inside_a_value_stays_text() {
        Prompt prompt = renderer.render(new Wish("slow", 1, "{{label}}", "$1", List.of("{{count}}")));

        assertThat(prompt.user()).contains("({{label}}, $1)").contains("- {{count}}");
    }

    @Test
    void says_so_when_there_are_no_examples() {
        assertThat(renderer.render(new Wish("slow", 1, "chatty", "easy", List.of()))
                        .user())
                .contains("Examples:\n(none)");
    }
}
