/**
 * How long native memory lives: until the last of those that use it lets go. For the library itself, not for its users.
 */
@NullMarked
package dev.perennial.lora.lifetime;

import org.jspecify.annotations.NullMarked;
