/** Versioned prompt templates and how they become prompts. */
@NullMarked
package dev.perennial.generator.template;

import org.jspecify.annotations.NullMarked;
