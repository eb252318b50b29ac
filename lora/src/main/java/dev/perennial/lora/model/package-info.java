/**
 * What models of every family share: frozen linears ({@link dev.perennial.lora.model.Linear}) and what adapts them
 * ({@link dev.perennial.lora.model.Adapter}), layers one after another ({@link dev.perennial.lora.model.Chains}),
 * configuration files, and where weights come from.
 */
@NullMarked
package dev.perennial.lora.model;

import org.jspecify.annotations.NullMarked;
