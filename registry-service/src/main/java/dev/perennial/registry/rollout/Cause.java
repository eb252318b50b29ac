package dev.perennial.registry.rollout;

import java.util.Locale;

/** Why a version lost its traffic. */
public enum Cause {
    /** Callers called its answers wrong more often. */
    QUALITY,
    /** It failed or was slow more often. */
    HEALTH,
    /** Its adapter could not be loaded. */
    UNLOADABLE,
    /** The window ended without a decision and the spec says to roll back then. */
    INCONCLUSIVE,
    /** Somebody said so. */
    COMMAND;

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
