/** Normalised text and its hash. */
@NullMarked
package dev.perennial.common.text;

import org.jspecify.annotations.NullMarked;
