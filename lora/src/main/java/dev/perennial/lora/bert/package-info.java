/**
 * Encoders of the BERT and RoBERTa shape: configuration, weights, forward pass, pooling. Begin with
 * {@link dev.perennial.lora.bert.BertDirectory}, which loads, and {@link dev.perennial.lora.bert.BertEncoder}, which computes;
 * they take tokens. With texts, {@link dev.perennial.lora.TextEncoder} does both.
 */
@NullMarked
package dev.perennial.lora.bert;

import org.jspecify.annotations.NullMarked;
