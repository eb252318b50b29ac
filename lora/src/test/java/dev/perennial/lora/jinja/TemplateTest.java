package dev.perennial.lora.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused; what is rendered is compared with the reference in ChatTemplateTest. */
class TemplateTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

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

    /** Each within seconds and a heap of one gigabyte, in which also the interpreter of these lines has to live. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ x[0] ~ x[-1] ~ (x | first) ~ (x | last) ~ x[:1] ~ x[x | length - 1:] }}",
                "{{ x.replace('a', x) }}",
                "{{ x | replace('a', x) }}",
                "{{ x | replace('', x) }}",
                "{{ x | list | join(x) }}",
                "{{ x.split('a') | join(x) }}",
                "{{ x.split('a') | length }}",
                "{{ x[::-1] }}",
                "{% for c in x %}{{ c }}{% endfor %}",
                "{% for c in x if c == 'b' %}{{ c }}{% endfor %}",
                "{{ x.strip(x) }}",
                "{{ x < (x ~ 'a') }}",
                "{{ (x ~ 'b') in x }}",
                "{{ (x ~ 'b') is in([x]) }}",
                "{{ x | tojson }}",
                "{{ namespace(a=x) == namespace(a=x) }}",
                "{% for i in list %}{% for j in list %}{% set y = x ~ i %}{% endfor %}{% endfor %}",
                "{% for i in list %}{% for j in list %}{% set y = x == x ~ '' %}{% endfor %}{% endfor %}",
                "{% for i in list %}{% for j in list %}{% set y = x | upper | trim %}{% endfor %}{% endfor %}",
                "{% for i in list %}{% for j in list %}{% set y = x | length %}{% endfor %}{% endfor %}",
                "{% for i in list %}{% for j in list %}{% set y = x.startswith(x ~ '') %}{% endfor %}{% endfor %}",
                "{% for i in list %}{% for j in list %}{% set y = {x: 1}[x ~ ''] %}{% endfor %}{% endfor %}",
                "{% for i in list %}{% for j in list %}{% set y %}{{ x }}{% endset %}{% endfor %}{% endfor %}"
            })
    void workAndMemoryOfATemplateAreBounded(String use) {
        String text = "{% set ns = namespace(x='a') %}{% for i in range %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}"
                + "{% set x = ns.x %}";
        for (int doublings : List.of(12, 18, 22, 24, 40)) {
            bounded(text + use, Map.of("list", Collections.nCopies(900, "b"), "range", sequence(doublings)));
        }
    }

    /** Lists in lists, each twice: as a tree they have 2^40 leaves. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ a | tojson }}",
                "{{ a == b }}",
                "{{ a in [b] }}",
                "{{ {}.get(a) }}",
                "{{ a in {'k': 1} }}",
                "{{ {'k': a} == {'k': b} }}",
                "{{ namespace(x=a) == namespace(x=b) }}"
            })
    void listsThatAreLargeAsTreesOnlyTakeNoLonger(String use) {
        String nested = "{% set ns = namespace(a=[1], b=[1]) %}{% for i in list %}"
                + "{% set ns.a = [ns.a, ns.a] %}{% set ns.b = [ns.b, ns.b] %}{% endfor %}"
                + "{% set a = ns.a %}{% set b = ns.b %}";
        bounded(nested + use, Map.of("list", sequence(40)));
    }

    @Test
    void longExpressionsInALoopAreCountedToo() {
        for (String part : List.of("1,", "x or ", "ns.ns.")) {
            String use = "{% set y = [" + part.repeat(100_000 / part.length()) + "x] %}";
            bounded(
                    "{% set ns = namespace() %}{% set ns.ns = ns %}{% for i in list %}{% for j in list %}" + use
                            + "{% endfor %}{% endfor %}",
                    Map.of("list", sequence(900), "x", 0L));
        }
    }

    private static List<Object> sequence(int size) {
        return Collections.nCopies(size, "b");
    }

    /** Renders or is refused with a message. */
    private static void bounded(String template, Map<String, Object> variables) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        long start = System.nanoTime();
        try {
            Template.parse(template).render(variables);
        } catch (TemplateException refused) {
            assertThat(refused).hasMessageNotContaining("null");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(1L << 30);
    }

    @Test
    void aLongConversationIsFarFromTheLimits() {
        String template = "{% set ns = namespace(last='') %}{% for m in messages[::-1] %}{% if m.role == 'user' %}"
                + "{% set ns.last = m.content.split('</think>')[-1].lstrip('\n') %}{% endif %}{% endfor %}"
                + "{% for m in messages %}{{ '<' ~ m['role'] ~ '>' + m.content | trim }}{{ m.content[:3] | tojson }}"
                + "{% if '</think>' in m.content %}{{ loop.previtem.content }}{% endif %}{% endfor %}";
        List<Object> messages =
                Collections.nCopies(2_000, Map.of("role", "user", "content", "It is broken. ".repeat(36)));
        assertThat(Template.parse(template).render(Map.of("messages", messages)))
                .hasSizeGreaterThan(1_000_000);
    }

    @Test
    void numbersBeyondTheirRangeAreRefused() {
        for (String template : List.of(
                "{{ -(-9223372036854775807 - 1) }}",
                "{{ 'abc'[1::9223372036854775807] }}{{ -9223372036854775807 - 2 }}")) {
            assertThatThrownBy(() -> Template.parse(template).render(Map.of()))
                    .isInstanceOf(TemplateException.class)
                    .hasMessageContaining("cannot be computed");
        }
    }

    /** Compared with jinja2 3.1.6 by hand. */
    @Test
    void whatIsRarelyUsedIsThatOfTheReference() {
        Map<String, Object> variables = Map.of(
                "list",
                List.of(
                        Map.of("a", Map.of("b", List.of(0L, "x")), "n", 1L),
                        Map.of("a", Map.of("b", List.of(7L, "")), "n", 2L)));
        for (Map.Entry<String, String> expected : Map.of(
                        "{% for x in list %}{% for y in list %}{{ loop.depth }}{{ loop.depth0 }}{% endfor %}{% endfor %}",
                        "10101010",
                        "{{ list | selectattr('a.b.0') | list | length }}",
                        "1",
                        "{{ (list | selectattr('a.b.1', 'equalto', 'x') | first).n }}",
                        "1",
                        "{{ (list | rejectattr('a.b', 'in', [[0, 'x']]) | first).n }}",
                        "2",
                        "{{ list | selectattr('a.c', 'defined') | list | length }}",
                        "0",
                        "{{ 'a😀b'[1] ~ 'a😀b'[::-1] ~ ('a😀b' | last) ~ 'a😀b'[5] ~ 'abcd'[-3:-1] ~ 'abcd'[3:0:-2] }}",
                        "😀b😀abbcdb",
                        "{{ {'a': [1, {}], 'b\\x01': []} | tojson ~ [] | tojson ~ ({'a': 1} == {'a': True}) }}",
                        "{\"a\": [1, {}], \"b\\u0001\": []}[]True")
                .entrySet()) {
            assertThat(Template.parse(expected.getKey()).render(variables)).isEqualTo(expected.getValue());
        }
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
