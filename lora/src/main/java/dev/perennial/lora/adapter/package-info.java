/** LoRA over the linears of any model: which are adapted and how, their weights, and the directories that peft reads. */
@NullMarked
package dev.perennial.lora.adapter;

import org.jspecify.annotations.NullMarked;
