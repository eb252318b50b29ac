package dev.perennial.lora.jinja;

/** A compiled expression. */
@FunctionalInterface
interface Expression {
    Object value(Scope scope);
}
