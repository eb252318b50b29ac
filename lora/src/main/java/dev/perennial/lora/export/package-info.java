/**
 * Adapted models written as whole ones: directories in Hugging Face layout that need no adapter. Begin with
 * {@link dev.perennial.lora.export.MergedDirectory}.
 */
@NullMarked
package dev.perennial.lora.export;

import org.jspecify.annotations.NullMarked;
