/** Scores of sample candidates and the door for real samples. */
@NullMarked
package dev.perennial.scorer;

import org.jspecify.annotations.NullMarked;
