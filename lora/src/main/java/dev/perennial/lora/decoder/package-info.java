/**
 * Decoders of the Llama and Qwen2 shape, for causal language modelling: configuration, weights, forward pass.
 *
 * <p>Named dimensions beyond those of {@link dev.perennial.lora}: K key-value heads, G = H/K query heads to each of them, E
 * width of a head, S tokens that can be looked at (those of a cache and the new ones).
 */
@NullMarked
package dev.perennial.lora.decoder;

import org.jspecify.annotations.NullMarked;
