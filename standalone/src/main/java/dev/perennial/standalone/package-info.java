/** All six services in one JVM, and the command line. */
@NullMarked
package dev.perennial.standalone;

import org.jspecify.annotations.NullMarked;
