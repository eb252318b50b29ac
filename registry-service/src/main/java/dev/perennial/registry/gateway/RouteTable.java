package dev.perennial.registry.gateway;

import org.jspecify.annotations.Nullable;

/** What the gateway asks about routes. Answers come from memory. */
interface RouteTable {
    /** Where a model's requests go now. */
    @Nullable
    Route find(String model);

    /** Whether this process has seen the model's declaration. */
    boolean knows(String model);
}
