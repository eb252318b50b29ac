/** Declared model specs. */
@NullMarked
package dev.perennial.registry.model;

import org.jspecify.annotations.NullMarked;
