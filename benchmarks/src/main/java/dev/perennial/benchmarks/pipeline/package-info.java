/** Samples a second from the generator to the pool. */
@NullMarked
package dev.perennial.benchmarks.pipeline;

import org.jspecify.annotations.NullMarked;
