/**
 * Frozen linears over weights in 16 bits, computed with by scripts that the engine compiles: its own operations know no such
 * type.
 */
@NullMarked
package dev.perennial.lora.half;

import org.jspecify.annotations.NullMarked;
