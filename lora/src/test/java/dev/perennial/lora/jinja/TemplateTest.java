package dev.perennial.lora.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused; what is rendered is compared with the reference in ChatTemplateTest. */
class TemplateTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% macro f() %}{% endmacro %}",
                "{% include 'x' %}",
                "{% raw %}x{% endraw %}",
                "{% for a in b recursive %}{% endfor %}",
                "{% set a, b = c %}",
                "{% if a %}",
                "{% endif %}",
                "{% break %}",
                "{% for a in b %}{% set c %}{% break %}{% endset %}{% endfor %}",
                "{{ a",
                "{{ 'a }}",
                "{{ a b }}",
                "{{ 1.5 }}",
                "{{ 0x10 }}",
                "{{ 99999999999999999999 }}",
                "{{ (1, 2) }}",
                "{{ 4 / 2 }}",
                "{{ 2 ** 3 }}",
                "{{ '\\N{DASH}' }}",
                "{{ '\\u12' }}",
                "{{ a | safe }}",
                "{{ a is callable }}",
                "{# open",
                "{{ ; }}"
            })
    void whatIsNotSupportedIsRefusedWhenTheTemplateIsRead(String template) {
        assertThatThrownBy(() -> Template.parse(template)).isInstanceOf(TemplateException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ list }}",
                "{{ map }}",
                "{{ missing.deeper }}",
                "{{ missing() }}",
                "{{ text.title() }}",
                "{{ text.split() }}",
                "{{ text + 1 }}",
                "{{ text * 2 }}",
                "{{ 1 // 0 }}",
                "{{ 9223372036854775807 + 1 }}",
                "{{ list + list }}",
                "{{ map | tojson(indent=2) }}",
                "{% for x in 5 %}{% endfor %}",
                "{% for a, b in list %}{% endfor %}",
                "{% set text.x = 1 %}",
                "{{ list | selectattr('a', 'odd one') | list | length }}",
                "{% set ns = namespace({'a': 1}) %}",
                "{{ text < 1 }}"
            })
    void whatCannotBeRenderedFaithfullyIsRefusedAndNotGuessed(String template) {
        Map<String, Object> variables = Map.of("text", "abc", "list", List.of("x"), "map", Map.of("k", "v"));
        Template parsed = Template.parse(template);
        assertThatThrownBy(() -> parsed.render(variables)).isInstanceOf(TemplateException.class);
    }

    @Test
    void aTemplateThatBlowsUpIsStopped() {
        String doubling = "{% set ns = namespace(x='ab') %}{% for i in list %}{% set ns.x = ns.x + ns.x %}{% endfor %}";
        List<Object> many = Collections.nCopies(300, "x");
        assertThatThrownBy(() -> Template.parse(doubling).render(Map.of("list", many)))
                .hasMessageContaining("characters");
        String nested = "{% for a in list %}".repeat(5) + "{% endfor %}".repeat(5);
        assertThatThrownBy(() -> Template.parse(nested).render(Map.of("list", many)))
                .hasMessageContaining("steps");
        String nesting = "{% set ns = namespace(x=1) %}{% for a in list %}{% for b in list %}{% set ns.x = [ns.x] %}"
                + "{% endfor %}{% endfor %}{{ ns.x | tojson }}";
        assertThatThrownBy(() -> Template.parse(nesting).render(Map.of("list", many)))
                .hasMessageContaining("too deep");
        for (String deep : List.of(
                "{{ " + "(".repeat(9999) + ")".repeat(9999) + " }}",
                "{{ " + "not ".repeat(9999) + "x }}",
                "{% if x %}".repeat(9999),
                "{% if x %}" + "{% elif x %}".repeat(9999),
                "{{ " + "-".repeat(9999) + "1 }}",
                "{{ " + "[".repeat(9999) + "]".repeat(9999) + " }}")) {
            assertThatThrownBy(() -> Template.parse(deep))
                    .isInstanceOf(TemplateException.class)
                    .hasMessageContaining("nesting");
        }
        assertThatThrownBy(() -> Template.parse("x".repeat(2_000_000))).hasMessageContaining("longer than");
    }

    @Test
    void aMessageNamesTheLine() {
        assertThatThrownBy(() -> Template.parse("a\n\n{% macro f() %}"))
                .hasMessageStartingWith("line 3 of the template")
                .hasMessageContaining("'macro' is not supported");
    }

    @Test
    void aValueIsNeverReadAsATemplate() {
        String value = "{{ secret }}{% raw %}";
        assertThat(Template.parse("{{ x }}{% set y = x ~ x %}{{ y }}").render(Map.of("x", value, "secret", "s")))
                .isEqualTo(value.repeat(3));
    }
}
