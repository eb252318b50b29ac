package dev.perennial.registry.model;

/** What the time line tells of a model. */
public enum ChangeKind {
    DECLARED,
    REGISTERED,
    IMPORTED,
    REJECTED,
    /** An evaluation whose artefact could not be trusted; it got no version. */
    NOT_REGISTERED,
    /** A candidate that a newer one overtook while it waited. */
    SUPERSEDED,
    CANARY,
    PAUSED,
    RESUMED,
    LIVE,
    ROLLED_BACK,
    ABORTED
}
