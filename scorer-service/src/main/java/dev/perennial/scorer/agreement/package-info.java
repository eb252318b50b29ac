/**
 * Whether claimed labels agree with what the real samples and the other candidates of the cohort say.
 *
 * <p>Dimensions: N samples, D width of an embedding, L labels.
 */
@NullMarked
package dev.perennial.scorer.agreement;

import org.jspecify.annotations.NullMarked;
