/**
 * Models from a hub that speaks Hugging Face's protocol: each downloaded once, checked, and kept. Begin with
 * {@link dev.perennial.lora.hub.ModelHub}.
 */
@NullMarked
package dev.perennial.lora.hub;

import org.jspecify.annotations.NullMarked;
