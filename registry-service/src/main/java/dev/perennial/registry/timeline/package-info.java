/** What was live when. */
@NullMarked
package dev.perennial.registry.timeline;

import org.jspecify.annotations.NullMarked;
