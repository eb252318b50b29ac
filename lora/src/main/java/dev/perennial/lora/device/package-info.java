/** Says what a process computes on. */
@NullMarked
package dev.perennial.lora.device;

import org.jspecify.annotations.NullMarked;
