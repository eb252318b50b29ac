/**
 * Texts that were accepted before, in the same or nearly the same words. In memory and without I/O; a stage rebuilds it
 * from stored signatures.
 */
@NullMarked
package dev.perennial.scorer.duplicate;

import org.jspecify.annotations.NullMarked;
