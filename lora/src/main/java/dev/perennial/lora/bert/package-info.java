/** The BERT encoder: configuration, weights and the forward pass. */
@NullMarked
package dev.perennial.lora.bert;

import org.jspecify.annotations.NullMarked;
