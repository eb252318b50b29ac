/**
 * A linear classifier over vectors that do not change, and what fits it. Begin with
 * {@link dev.perennial.lora.probe.LinearProbe}.
 */
@NullMarked
package dev.perennial.lora.probe;

import org.jspecify.annotations.NullMarked;
