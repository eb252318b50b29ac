/** Immutable, content-addressed training sets. */
@NullMarked
package dev.perennial.scheduler.dataset;

import org.jspecify.annotations.NullMarked;
