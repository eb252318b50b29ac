package dev.perennial.registry.gateway;

import org.jspecify.annotations.Nullable;

/** What the gateway asks about routes. Answers come from memory. */
interface RouteTable {
    /** Where a model's requests go now. */
    @Nullable
    Route find(String model);

    /** Why {@link #find} knows no route for the model. */
    Absence absence(String model);

    /** Why a model has no route. */
    enum Absence {
        NOT_DECLARED,
        NOTHING_LIVE,
        /** Its live version is not loaded yet, or this process has not looked yet whether it has one. */
        BEING_LOADED
    }
}
