/** The door for real samples: reading, cleaning and checking what people upload. */
@NullMarked
package dev.perennial.scorer.door;

import org.jspecify.annotations.NullMarked;
