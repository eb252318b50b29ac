package dev.perennial.common.event;

/** Where a model version stands. */
public enum Stage {
    /** Registered after its evaluation; has no traffic. */
    CANDIDATE,
    /** The gate refused it; kept for lineage. */
    REJECTED,
    /** Has a share of the traffic beside the live version. */
    CANARY,
    /** Has all traffic, or all but the canary's share. */
    LIVE,
    /** Was live and was replaced. */
    RETIRED,
    /** Was a canary or live and was taken back on evidence or by command. */
    ROLLED_BACK
}
