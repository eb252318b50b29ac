/**
 * What models of every family share: frozen linears and what adapts them, configuration files, and where weights come
 * from.
 */
@NullMarked
package dev.perennial.lora.model;

import org.jspecify.annotations.NullMarked;
