/** From a model's logits to tokens, and from tokens to text. */
@NullMarked
package dev.perennial.lora.generate;

import org.jspecify.annotations.NullMarked;
