/**
 * Adapters for any model: LoRA over its linears and prefixes before its texts, their weights, and the directories that peft
 * reads. Begin with {@link dev.perennial.lora.adapter.TuningMethod}, which says what is trained, and
 * {@link dev.perennial.lora.adapter.LoraDirectory}, which reads and writes.
 */
@NullMarked
package dev.perennial.lora.adapter;

import org.jspecify.annotations.NullMarked;
