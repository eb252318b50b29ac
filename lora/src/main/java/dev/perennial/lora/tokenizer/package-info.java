/** Tokenizer files, checked before the native library that reads them sees anything of them. */
@NullMarked
package dev.perennial.lora.tokenizer;

import org.jspecify.annotations.NullMarked;
