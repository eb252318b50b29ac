/** Reading utterances out of whatever an LLM replied. */
@NullMarked
package dev.perennial.generator.reply;

import org.jspecify.annotations.NullMarked;
