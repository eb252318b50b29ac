/** What a product team knows about its domain, as files that prompts and slot grammars draw on. */
@NullMarked
package dev.perennial.generator.knowledge;

import org.jspecify.annotations.NullMarked;
