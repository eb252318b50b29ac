/**
 * Adapters for any model: LoRA over its linears and prefixes before its texts, their weights, and the directories that peft
 * reads.
 */
@NullMarked
package dev.perennial.lora.adapter;

import org.jspecify.annotations.NullMarked;
