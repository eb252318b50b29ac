package dev.perennial.registry.rollout;

import dev.perennial.common.event.Stage;

/** A version's stage and percent of the traffic after a decision. */
record Share(int version, Stage stage, int percent) {}
