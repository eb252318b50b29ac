/** What the library needs of the engine: memory scopes, gradient mode, arrays in and out. */
@NullMarked
package dev.perennial.lora.tensor;

import org.jspecify.annotations.NullMarked;
