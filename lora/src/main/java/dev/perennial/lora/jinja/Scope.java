package dev.perennial.lora.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The names that are visible at a point; a loop's body has a scope of its own for each turn. */
final class Scope {
    private final @Nullable Scope parent;
    private final Map<String, Object> names = new HashMap<>();
    private final Budget budget;

    private Scope(@Nullable Scope parent, Budget budget) {
        this.parent = parent;
        this.budget = budget;
    }

    static Scope of(Map<String, Object> variables) {
        Scope scope = new Scope(null, new Budget());
        scope.names.putAll(variables);
        return scope;
    }

    Scope inner() {
        return new Scope(this, budget);
    }

    Object get(String name) {
        for (Scope scope = this; scope != null; scope = scope.parent) {
            Object value = scope.names.get(name);
            if (value != null) {
                return value;
            }
        }
        return Constant.UNDEFINED;
    }

    void set(String name, Object value) {
        names.put(name, value);
    }

    Budget budget() {
        return budget;
    }
}
