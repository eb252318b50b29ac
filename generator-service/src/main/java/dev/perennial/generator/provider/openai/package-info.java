/** Any OpenAI-compatible endpoint. */
@NullMarked
package dev.perennial.generator.provider.openai;

import org.jspecify.annotations.NullMarked;
