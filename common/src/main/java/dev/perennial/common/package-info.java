/** Contracts and plumbing that two or more services use. */
@NullMarked
package dev.perennial.common;

import org.jspecify.annotations.NullMarked;
