/** Leased long work with fencing. */
@NullMarked
package dev.perennial.common.job;

import org.jspecify.annotations.NullMarked;
