package dev.perennial.evaluator.evaluationset;

import org.jspecify.annotations.Nullable;

/**
 * A row as it was sent.
 *
 * @param row line of the body, from 1
 * @param problem why the row could not even be read, or null
 */
record UploadedRow(
        int row,
        @Nullable String text,
        @Nullable String label,
        @Nullable String problem) {
    static UploadedRow unreadable(int row, String problem) {
        return new UploadedRow(row, null, null, problem);
    }
}
