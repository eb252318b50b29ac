/** The prompt engine and generation runs. */
@NullMarked
package dev.perennial.generator;

import org.jspecify.annotations.NullMarked;
