/** Who writes utterances: one port, an outside LLM or the offline provider behind it. */
@NullMarked
package dev.perennial.generator.provider;

import org.jspecify.annotations.NullMarked;
