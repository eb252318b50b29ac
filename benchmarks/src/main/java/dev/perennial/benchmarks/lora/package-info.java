/** Training and generation beside Python's peft and transformers on the same machine. */
@NullMarked
package dev.perennial.benchmarks.lora;

import org.jspecify.annotations.NullMarked;
