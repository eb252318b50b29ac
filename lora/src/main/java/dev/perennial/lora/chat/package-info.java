/**
 * Turns a conversation into the prompt that a model was trained on. Begin with
 * {@link dev.perennial.lora.chat.ChatTemplate}.
 */
@NullMarked
package dev.perennial.lora.chat;

import org.jspecify.annotations.NullMarked;
