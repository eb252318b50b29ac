/** RFC 9457 problem details with a stable code. */
@NullMarked
package dev.perennial.common.problem;

import org.jspecify.annotations.NullMarked;
