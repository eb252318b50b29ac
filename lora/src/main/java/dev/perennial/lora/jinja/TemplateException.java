package dev.perennial.lora.jinja;

import dev.perennial.lora.ModelFormatException;

/** A template is broken, beyond a limit, or uses what this interpreter cannot render exactly like the reference. */
public final class TemplateException extends ModelFormatException {
    public TemplateException(String message) {
        super(message);
    }
}
