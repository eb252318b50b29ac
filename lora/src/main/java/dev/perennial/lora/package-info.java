/**
 * Fine-tunes and runs pretrained sentence encoders: LoRA adapters, training recipe, inference, file formats.
 *
 * <p>Named dimensions of array shapes, here and below: B batch, T tokens, D width, H heads, F feed-forward width, R
 * rank, L labels, V vocabulary.
 */
@NullMarked
package dev.perennial.lora;

import org.jspecify.annotations.NullMarked;
