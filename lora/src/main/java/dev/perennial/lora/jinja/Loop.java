package dev.perennial.lora.jinja;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code for}: its scope a turn, and the variable {@code loop}. */
record Loop(
        List<String> targets,
        Expression over,
        List<Expression> filters,
        List<Statement> body,
        List<Statement> otherwise)
        implements Statement {
    @Override
    public Flow render(Scope scope, StringBuilder out) {
        List<Object> elements = Values.elements("a loop", over.value(scope), scope.budget()).stream()
                .filter(element ->
                        filters.stream().allMatch(filter -> Values.isTrue(filter.value(turn(scope, element)))))
                .toList();
        if (elements.isEmpty()) {
            return all(otherwise, scope, out);
        }
        for (int i = 0; i < elements.size(); i++) {
            Scope inner = turn(scope, elements.get(i));
            inner.set("loop", position(elements, i));
            if (all(body, inner, out) == Flow.BREAK) {
                break;
            }
        }
        return Flow.NEXT;
    }

    private static Flow all(List<Statement> statements, Scope scope, StringBuilder out) {
        return Statement.all(statements, scope, out);
    }

    private Scope turn(Scope scope, Object element) {
        scope.budget().step();
        Scope inner = scope.inner();
        if (targets.size() == 1) {
            inner.set(targets.getFirst(), element);
            return inner;
        }
        List<Object> parts = Values.elements("a loop", element, scope.budget());
        if (parts.size() != targets.size()) {
            throw new TemplateException("a loop over %s finds %d values".formatted(targets, parts.size()));
        }
        for (int i = 0; i < parts.size(); i++) {
            inner.set(targets.get(i), parts.get(i));
        }
        return inner;
    }

    private static Map<String, Object> position(List<Object> elements, int index) {
        long size = elements.size();
        Map<String, Object> loop = new HashMap<>(Map.of(
                "index",
                index + 1L,
                "index0",
                (long) index,
                "revindex",
                size - index,
                "revindex0",
                size - index - 1,
                "first",
                index == 0,
                "last",
                index == size - 1,
                "length",
                size));
        loop.put("depth", 1L); // loops that call themselves are not supported
        loop.put("depth0", 0L);
        loop.put("previtem", index == 0 ? Constant.UNDEFINED : elements.get(index - 1));
        loop.put("nextitem", index == size - 1 ? Constant.UNDEFINED : elements.get(index + 1));
        return loop;
    }
}
