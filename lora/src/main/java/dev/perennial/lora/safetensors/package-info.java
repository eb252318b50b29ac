/**
 * Reads and writes safetensors files, trusting nothing in them. Begin with
 * {@link dev.perennial.lora.safetensors.SafetensorsFile} and {@link dev.perennial.lora.safetensors.SafetensorsWriter}.
 */
@NullMarked
package dev.perennial.lora.safetensors;

import org.jspecify.annotations.NullMarked;
