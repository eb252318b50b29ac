/** What does the training: a port, and its built-in implementation. */
@NullMarked
package dev.perennial.trainer.backend;

import org.jspecify.annotations.NullMarked;
