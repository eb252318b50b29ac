package dev.perennial.evaluator.evaluationset;

import dev.perennial.common.text.ContentHash;
import dev.perennial.lora.LabelledText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What becomes of uploaded rows: texts to keep, in their order, and errors. A row that repeats an earlier one, label and
 * all, is dropped, since it would count twice; one that contradicts an earlier one is an error.
 */
record CheckedRows(List<LabelledText> texts, List<RowError> errors, int repeated) {
    private static final int MAX_TEXT = 10_000;

    static CheckedRows check(List<UploadedRow> rows, List<String> labels) {
        Set<String> known = new HashSet<>(labels);
        Map<String, UploadedRow> seen = new HashMap<>();
        List<LabelledText> texts = new ArrayList<>();
        List<RowError> errors = new ArrayList<>();
        int repeated = 0;
        for (UploadedRow row : rows) {
            switch (judge(row, known, seen)) {
                case Verdict.Keep(LabelledText text) -> texts.add(text);
                case Verdict.Repeats _ -> repeated++;
                case Verdict.Wrong(String message) -> errors.add(new RowError(row.row(), message));
            }
        }
        return new CheckedRows(List.copyOf(texts), List.copyOf(errors), repeated);
    }

    private sealed interface Verdict {
        record Keep(LabelledText text) implements Verdict {}

        record Repeats() implements Verdict {}

        record Wrong(String message) implements Verdict {}
    }

    private static Verdict judge(UploadedRow row, Set<String> known, Map<String, UploadedRow> seen) {
        if (row.problem() != null) {
            return new Verdict.Wrong(row.problem());
        }
        if (row.text() == null || row.text().isBlank()) {
            return new Verdict.Wrong("has no text; give it a string 'text' that is not blank");
        }
        if (row.text().length() > MAX_TEXT) {
            return new Verdict.Wrong("has a text of more than " + MAX_TEXT + " characters; shorten it");
        }
        if (row.text().indexOf('\0') >= 0) {
            return new Verdict.Wrong("has the character U+0000 in its text, which cannot be stored; leave it out");
        }
        if (row.label() == null || !known.contains(row.label())) {
            return new Verdict.Wrong((row.label() == null ? "has no label" : "has the label '" + row.label() + "'")
                    + "; use one of the spec's task.labels");
        }
        return compare(row, row.text().strip(), row.label(), seen);
    }

    private static Verdict compare(UploadedRow row, String text, String label, Map<String, UploadedRow> seen) {
        UploadedRow earlier = seen.putIfAbsent(ContentHash.of(text), row);
        if (earlier == null) {
            return new Verdict.Keep(new LabelledText(text, label));
        }
        return label.equals(earlier.label())
                ? new Verdict.Repeats()
                : new Verdict.Wrong("has the text of row " + earlier.row() + " but another label; keep one of them");
    }
}
