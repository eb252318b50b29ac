/** A library that fine-tunes language models on the JVM. */
@NullMarked
package dev.perennial.lora;

import org.jspecify.annotations.NullMarked;
