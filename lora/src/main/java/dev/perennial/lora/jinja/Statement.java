package dev.perennial.lora.jinja;

import java.util.List;

/** A compiled part of a template. */
@FunctionalInterface
interface Statement {
    /** What a statement says about the loop around it. */
    enum Flow {
        NEXT,
        BREAK,
        CONTINUE
    }

    Flow render(Scope scope, StringBuilder out);

    static Flow all(List<Statement> statements, Scope scope, StringBuilder out) {
        for (Statement statement : statements) {
            Flow flow = statement.render(scope, out);
            if (flow != Flow.NEXT) {
                return flow;
            }
        }
        return Flow.NEXT;
    }
}
