/** The stage: candidates come in, verdicts are stored and told. */
@NullMarked
package dev.perennial.scorer.candidate;

import org.jspecify.annotations.NullMarked;
