/** The door for what callers say of their answers. */
@NullMarked
package dev.perennial.registry.feedback;

import org.jspecify.annotations.NullMarked;
