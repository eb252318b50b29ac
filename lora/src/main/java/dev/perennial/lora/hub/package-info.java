/** Models from a hub that speaks Hugging Face's protocol: each downloaded once, checked, and kept. */
@NullMarked
package dev.perennial.lora.hub;

import org.jspecify.annotations.NullMarked;
