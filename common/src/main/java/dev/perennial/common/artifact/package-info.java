/** Content-addressed directories that travel between services by reference. */
@NullMarked
package dev.perennial.common.artifact;

import org.jspecify.annotations.NullMarked;
