/** Paging of long lists over HTTP. */
@NullMarked
package dev.perennial.common.page;

import org.jspecify.annotations.NullMarked;
