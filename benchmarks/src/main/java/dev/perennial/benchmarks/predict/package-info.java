/** What the gateway adds to the bare model call. */
@NullMarked
package dev.perennial.benchmarks.predict;

import org.jspecify.annotations.NullMarked;
