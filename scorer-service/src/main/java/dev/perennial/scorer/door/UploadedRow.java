package dev.perennial.scorer.door;

import org.jspecify.annotations.Nullable;

/** A row of an upload as it came. */
sealed interface UploadedRow {
    /** Line of the body where it starts, from 1. */
    int row();

    /**
     * Could be read.
     *
     * @param text null when missing
     * @param label null when missing
     */
    record Read(int row, @Nullable String text, @Nullable String label) implements UploadedRow {}

    /** Could not. */
    record Unreadable(int row, RowError error) implements UploadedRow {}
}
