/** Model specs, versions, rollouts and the serving gateway. */
@NullMarked
package dev.perennial.registry;

import org.jspecify.annotations.NullMarked;
