/** Training runs and their backends. */
@NullMarked
package dev.perennial.trainer;

import org.jspecify.annotations.NullMarked;
