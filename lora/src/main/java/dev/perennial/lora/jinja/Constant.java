package dev.perennial.lora.jinja;

/** The two values without content. */
public enum Constant {
    NONE,
    /** A name or key that does not exist: prints nothing, is false, has no members. */
    UNDEFINED
}
