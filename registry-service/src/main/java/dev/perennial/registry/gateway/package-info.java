/** Answers predictions with the version that the rollout gives a caller. */
@NullMarked
package dev.perennial.registry.gateway;

import org.jspecify.annotations.NullMarked;
