/**
 * Tokenizer files, checked before the native library that reads them sees anything of them. Begin with
 * {@link dev.perennial.lora.tokenizer.TokenizerFile}, which checks, and {@link dev.perennial.lora.tokenizer.TextTokenizer}, which
 * cuts texts.
 */
@NullMarked
package dev.perennial.lora.tokenizer;

import org.jspecify.annotations.NullMarked;
