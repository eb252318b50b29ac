/** Accepted real samples that show providers the tone of each label. */
@NullMarked
package dev.perennial.generator.seed;

import org.jspecify.annotations.NullMarked;
