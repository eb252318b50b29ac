/** The guide's snippets, run through the public API alone. */
@NullMarked
package dev.perennial.lora.guide;

import org.jspecify.annotations.NullMarked;
