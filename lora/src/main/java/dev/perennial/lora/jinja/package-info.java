/**
 * A strict interpreter of the part of the Jinja template language in which chat templates are written. Begin with
 * {@link dev.perennial.lora.jinja.Template}; with a model's own template,
 * {@link dev.perennial.lora.chat.ChatTemplate} does.
 */
@NullMarked
package dev.perennial.lora.jinja;

import org.jspecify.annotations.NullMarked;
