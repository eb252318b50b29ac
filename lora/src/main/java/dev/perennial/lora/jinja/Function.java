package dev.perennial.lora.jinja;

/** What a template may call by name. */
@FunctionalInterface
public interface Function {
    Object call(Arguments arguments);
}
