/** Reads and writes safetensors files, trusting nothing in them. */
@NullMarked
package dev.perennial.lora.safetensors;

import org.jspecify.annotations.NullMarked;
