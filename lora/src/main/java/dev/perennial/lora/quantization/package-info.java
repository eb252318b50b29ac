/** Frozen weights in four bits: NF4 with double quantisation, dequantised on the fly. */
@NullMarked
package dev.perennial.lora.quantization;

import org.jspecify.annotations.NullMarked;
