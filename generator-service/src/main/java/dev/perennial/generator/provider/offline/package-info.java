/** Utterances without an LLM: slot grammars filled from knowledge, and rewrites of seed samples. */
@NullMarked
package dev.perennial.generator.provider.offline;

import org.jspecify.annotations.NullMarked;
