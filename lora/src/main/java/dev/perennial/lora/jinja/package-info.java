/** A strict interpreter of the part of the Jinja template language in which chat templates are written. */
@NullMarked
package dev.perennial.lora.jinja;

import org.jspecify.annotations.NullMarked;
