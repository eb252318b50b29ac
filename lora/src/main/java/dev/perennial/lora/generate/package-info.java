/**
 * From a model's logits to tokens ({@link dev.perennial.lora.generate.Sampler}), and from tokens to text that stops where it
 * is told to ({@link dev.perennial.lora.generate.TextStream}). {@link dev.perennial.lora.LanguageModel#generate} is the way in.
 */
@NullMarked
package dev.perennial.lora.generate;

import org.jspecify.annotations.NullMarked;
