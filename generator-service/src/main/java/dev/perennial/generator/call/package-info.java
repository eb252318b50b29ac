/** LLM calls, each paid once: content-addressed, with tokens and cost. */
@NullMarked
package dev.perennial.generator.call;

import org.jspecify.annotations.NullMarked;
