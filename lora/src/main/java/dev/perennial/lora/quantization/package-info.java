/**
 * Frozen weights in four bits: NF4 with double quantisation, dequantised on the fly. Begin with
 * {@link dev.perennial.lora.quantization.Nf4Weight}, the format, and {@link dev.perennial.lora.quantization.Nf4Matrix}, which
 * a linear computes with.
 */
@NullMarked
package dev.perennial.lora.quantization;

import org.jspecify.annotations.NullMarked;
