/** Turns a conversation into the prompt that a model was trained on. */
@NullMarked
package dev.perennial.lora.chat;

import org.jspecify.annotations.NullMarked;
