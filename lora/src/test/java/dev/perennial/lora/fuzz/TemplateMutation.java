package dev.perennial.lora.fuzz;

import java.util.List;
import java.util.Random;

/** Changes a chat template: pieces of it are moved, repeated and left out, and pieces of others put in. */
final class TemplateMutation {
    private static final List<String> PIECES = List.of(
            "{% set ns.x = ns.x ~ ns.x %}",
            "{% set x = [x, x] %}",
            "{% set x %}{{ messages | tojson }}{{ x }}{% endset %}",
            "{% set ns = namespace(x=messages[0].content, n=-9223372036854775807 - 1) %}",
            "{% for a in messages %}{% for b in messages %}{% for c in range %}",
            "{% for key, value in messages[0].items() %}{{ key }}{% endfor %}",
            "{% for c in messages[0].content if c != ' ' %}{{ loop.nextitem }}{% endfor %}",
            "{{ messages[0].content.replace('', messages[0].content) }}",
            "{{ messages[0].content | list | join(messages[0].content) }}",
            "{{ messages[0].content[::-9223372036854775807] }}",
            "{{ messages[-9223372036854775807] }}",
            "{{ messages | selectattr('content.x', 'defined') | list | length }}",
            "{{ strftime_now('%d %B %Y') }}",
            "{{ strftime_now('%') }}",
            "{{ raise_exception(messages) }}",
            "{{ messages[0].content.split('') }}",
            "{{ {'a': messages}[messages] }}",
            "{{ 1 // 0 }}",
            "{{ -1 % 0 }}",
            "{{ '\\ud83d' }}",
            "{% break %}",
            "{% endfor %}",
            "{% endif %}",
            "{{ loop }}",
            "{#",
            "'",
            "|");

    private final Random random;

    TemplateMutation(Random random) {
        this.random = random;
    }

    String apply(String template) {
        String text = template;
        for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
            text = edited(text);
        }
        return text;
    }

    private String edited(String text) {
        int start = random.nextInt(text.length() + 1);
        int end = start + random.nextInt(Math.min(200, text.length() - start + 1));
        String before = text.substring(0, start);
        String piece = text.substring(start, end);
        return switch (random.nextInt(5)) {
            case 0 -> before + text.substring(end);
            case 1 -> before + piece.repeat(1 << random.nextInt(8)) + text.substring(end);
            case 2 -> piece + text;
            case 3 -> before + PIECES.get(random.nextInt(PIECES.size())) + text.substring(start);
            default -> PIECES.get(random.nextInt(PIECES.size())) + text;
        };
    }
}
