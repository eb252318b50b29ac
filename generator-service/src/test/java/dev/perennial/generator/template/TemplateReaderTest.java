package dev.perennial.generator.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.common.problem.ProblemException;
import dev.perennial.common.spec.Violation;
import dev.perennial.generator.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateReaderTest {
    @Test
    void reads_all_parts() {
        PromptTemplate template = TemplateReader.read("intents", Fixtures.TEMPLATE);

        assertThat(template.describe("slow")).isEqualTo("It is slower than it should be.");
        assertThat(template.describe("not_described")).isEqualTo("not described");
        assertThat(template.grammar().patterns().get("slow"))
                .containsExactly("{symptom} {when}", "{hello}, why {symptom}?");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            language}}            | langauge}}                  | role                     | {{langauge}} is not a known slot
            {{examples}}          | {{examples                  | task                     | opens no slot
            role:                 | rolle:                      | rolle                    | is not a known key
            name: intents         | name: other                 | name                     | must be 'intents'
            hello: [hi,           | hello: ["{hello}",          | grammar.slots.hello      | must not lead back to itself
            hello: [hi,           | hello: ["{when",            | grammar.slots.hello[0]   | brace that belongs to no slot
            ["{symptom} {when}",  | ["{}",                      | grammar.patterns.slow[0] | brace that belongs to no slot
            {{count}}             | ten                         | task                     | must use {{count}}
            """)
    void refuses_with_the_path_of_the_key(String written, String instead, String path, String message) {
        assertThat(violations(Fixtures.TEMPLATE.replace(written, instead))).anySatisfy(violation -> {
            assertThat(violation.path()).isEqualTo(path);
            assertThat(violation.message()).contains(message);
        });
    }

    @Test
    void the_template_of_the_guide_is_read() throws IOException {
        String chapter = Files.readString(Path.of("..", "docs", "guide.md")).split("## Prompt templates", 2)[1];

        String yaml = chapter.split("```yaml\n", 2)[1].split("```", 2)[0];

        assertThat(TemplateReader.read("tickets", yaml).describe("slow_wifi")).isEqualTo("Wi-Fi works but is slow");
    }

    @Test
    void a_template_without_a_name_gets_that_of_the_address() {
        PromptTemplate unnamed = TemplateReader.read("intents", Fixtures.TEMPLATE.replace("name: intents", ""));

        assertThat(TemplateReader.hash(unnamed))
                .isEqualTo(TemplateReader.hash(TemplateReader.read("intents", Fixtures.TEMPLATE)));
    }

    @Test
    void refuses_an_empty_document_and_a_key_twice() {
        assertThat(violations("")).isNotEmpty();
        assertThat(violations(Fixtures.TEMPLATE + "role: again\n")).isNotEmpty();
    }

    @Test
    void refuses_the_character_that_cannot_be_stored_wherever_it_is() {
        assertThat(violations(Fixtures.TEMPLATE.replace("hello: [hi,", "hello: [\"hi\\0\",")))
                .extracting(Violation::path)
                .containsExactly("grammar.slots.hello[0]");
        assertThat(violations(Fixtures.TEMPLATE.replace("hello: [hi,", "\"a\\0b\": [x]\n    hello: [hi,")))
                .extracting(Violation::message)
                .anyMatch(message -> message.contains("a key with the character U+0000"));
    }

    @Test
    void the_order_of_keys_and_comments_make_no_other_version() {
        PromptTemplate template = TemplateReader.read("intents", Fixtures.TEMPLATE);
        PromptTemplate same =
                TemplateReader.read("intents", "# a comment\n" + Fixtures.TEMPLATE.replace("""
              offline: There is no connection at all.
              slow: It is slower than it should be.
            """.indent(0), """
              slow: It is slower than it should be.
              offline: There is no connection at all.
            """));

        assertThat(TemplateReader.hash(same)).isEqualTo(TemplateReader.hash(template));
        assertThat(TemplateReader.readStored(TemplateReader.write(template))).isEqualTo(template);
    }

    private static List<Violation> violations(String yaml) {
        List<Violation> violations = new java.util.ArrayList<>();
        assertThatThrownBy(() -> TemplateReader.read("intents", yaml))
                .isInstanceOfSatisfying(ProblemException.class, refused -> {
                    assertThat(refused.code()).isEqualTo("invalid-template");
                    ((List<?>) refused.properties().get("violations"))
                            .forEach(violation -> violations.add((Violation) violation));
                });
        return violations;
    }
}
