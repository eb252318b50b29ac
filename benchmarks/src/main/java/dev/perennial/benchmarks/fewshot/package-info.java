/** How well the loop learns from a few real samples and many synthetic ones. */
@NullMarked
package dev.perennial.benchmarks.fewshot;

import org.jspecify.annotations.NullMarked;
