/** Rules over samples that people write in CEL. */
@NullMarked
package dev.perennial.common.rule;

import org.jspecify.annotations.NullMarked;
