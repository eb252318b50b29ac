/** Adapted models written as whole ones: directories in Hugging Face layout that need no adapter. */
@NullMarked
package dev.perennial.lora.export;

import org.jspecify.annotations.NullMarked;
