/** Who gets which share of the traffic: rollouts, the analysis of their evidence, rollback. */
@NullMarked
package dev.perennial.registry.rollout;

import org.jspecify.annotations.NullMarked;
