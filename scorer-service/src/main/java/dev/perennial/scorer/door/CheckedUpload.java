package dev.perennial.scorer.door;

import dev.perennial.common.event.SampleSource;
import dev.perennial.common.text.ContentHash;
import dev.perennial.scorer.quality.Reasons;
import dev.perennial.scorer.quality.Screening;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An upload, cleaned and checked row by row.
 *
 * @param rows what may pass, in the order of the upload
 * @param repeated rows that repeat an earlier one, label and all
 */
record CheckedUpload(List<Row> rows, List<RowError> errors, int repeated) {

    /** A row that may pass. */
    record Row(int row, String text, String label, String contentHash) {}

    /** The state of a check that goes through the rows. */
    private static final class Check {
        private final Screening screening;
        private final Map<String, Row> seen = new HashMap<>();
        private final List<Row> rows = new ArrayList<>();
        private final List<RowError> errors = new ArrayList<>();
        private int repeated;

        Check(Screening screening) {
            this.screening = screening;
        }

        void add(UploadedRow.Read read) {
            if (read.text() == null) {
                errors.add(new RowError(read.row(), "text-missing", "Give the row a string 'text'."));
            } else if (read.label() == null) {
                errors.add(new RowError(read.row(), "label-missing", "Give the row a string 'label'."));
            } else {
                String text = Cleaning.clean(read.text());
                screen(new Row(read.row(), text, read.label().strip(), ContentHash.of(text)));
            }
        }

        private void screen(Row row) {
            List<String> reasons = screening.reasons(row.text, row.label, SampleSource.REAL);
            if (reasons.isEmpty()) {
                compare(row);
            } else {
                errors.add(Explanations.of(row, reasons.getFirst()));
            }
        }

        private void compare(Row row) {
            Row earlier = seen.putIfAbsent(row.contentHash, row);
            if (earlier == null) {
                rows.add(row);
            } else if (earlier.label.equals(row.label)) {
                repeated++;
            } else {
                errors.add(new RowError(
                        row.row,
                        "contradiction",
                        "The text is that of line " + earlier.row + " with another label; keep the right one."));
            }
        }
    }

    /** Says what to change. */
    private static final class Explanations {
        static RowError of(Row row, String reason) {
            return new RowError(row.row, reason.startsWith(Reasons.RULE) ? "rule" : reason, message(row, reason));
        }

        private static String message(Row row, String reason) {
            return switch (reason) {
                case Reasons.BLANK -> "The text is blank.";
                case Reasons.TOO_SHORT -> "The text is shorter than quality.length.min of the model's spec.";
                case Reasons.TOO_LONG -> "The text is longer than quality.length.max of the model's spec; shorten it.";
                case Reasons.LABEL_UNKNOWN ->
                    "The label '" + row.label + "' is none of the spec's task.labels; use one of them or add it there.";
                default ->
                    reason.startsWith(Reasons.RULE)
                            ? "The sample breaks the spec's rule " + reason.substring(Reasons.RULE.length())
                            : "The sample is refused: " + reason;
            };
        }
    }

    static CheckedUpload check(List<UploadedRow> uploaded, Screening screening) {
        Check check = new Check(screening);
        for (UploadedRow row : uploaded) {
            switch (row) {
                case UploadedRow.Read read -> check.add(read);
                case UploadedRow.Unreadable unreadable -> check.errors.add(unreadable.error());
            }
        }
        return new CheckedUpload(List.copyOf(check.rows), List.copyOf(check.errors), check.repeated);
    }
}
