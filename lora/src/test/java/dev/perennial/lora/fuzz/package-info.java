/** Mutated model files: each is refused with a message or loads, and nothing else. */
@NullMarked
package dev.perennial.lora.fuzz;

import org.jspecify.annotations.NullMarked;
