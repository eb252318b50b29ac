/** Event families: sealed records, one family a topic. */
@NullMarked
package dev.perennial.common.event;

import org.jspecify.annotations.NullMarked;
