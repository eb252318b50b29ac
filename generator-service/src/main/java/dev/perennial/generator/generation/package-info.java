/** Generation runs: planned as calls, executed, published as candidates, told live. */
@NullMarked
package dev.perennial.generator.generation;

import org.jspecify.annotations.NullMarked;
