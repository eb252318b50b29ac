/**
 * What the library needs of the engine: the device, memory scopes, gradient mode, arrays in and out. Begin with
 * {@link dev.perennial.lora.tensor.Torch}.
 */
@NullMarked
package dev.perennial.lora.tensor;

import org.jspecify.annotations.NullMarked;
