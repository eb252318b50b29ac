/** Texts of evaluation sets, which must never be trained on. */
@NullMarked
package dev.perennial.scorer.heldout;

import org.jspecify.annotations.NullMarked;
