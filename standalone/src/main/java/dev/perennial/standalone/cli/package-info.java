/** The command line. */
@NullMarked
package dev.perennial.standalone.cli;

import org.jspecify.annotations.NullMarked;
