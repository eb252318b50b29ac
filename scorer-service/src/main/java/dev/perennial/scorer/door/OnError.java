package dev.perennial.scorer.door;

/** What becomes of an upload with rows that are refused. */
enum OnError {
    /** All of it is refused. */
    ABORT,
    /** The other rows pass. */
    SKIP
}
