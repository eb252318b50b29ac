package dev.perennial.scorer.door;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.perennial.common.problem.ProblemException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Reads comma-separated values with a header. */
final class CsvRows {
    private CsvRows() {}

    /** Where the columns are. */
    private record Columns(int count, int text, int label) {
        static Columns of(CsvRecord header) {
            List<String> names = header.getFields().stream().map(String::strip).toList();
            if (!names.contains("text") || !names.contains("label")) {
                throw ProblemException.badRequest(
                        "csv-header",
                        "The first line of the CSV must name the columns text and label, as in: text,label");
            }
            return new Columns(names.size(), names.indexOf("text"), names.indexOf("label"));
        }
    }

    static List<UploadedRow> read(String body) {
        List<UploadedRow> rows = new ArrayList<>();
        Iterator<CsvRecord> records = CsvReader.builder()
                .skipEmptyLines(true)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .allowUnclosedQuote(false)
                .ofCsvRecord(body)
                .iterator();
        int line = 1;
        try {
            if (!records.hasNext()) {
                return rows;
            }
            Columns columns = Columns.of(records.next());
            while (records.hasNext()) {
                CsvRecord row = records.next();
                line = (int) row.getStartingLineNumber();
                rows.add(row(line, row, columns));
            }
        } catch (CsvParseException e) {
            rows.add(unreadable(line + 1, "The row cannot be read."));
        }
        return rows;
    }

    private static UploadedRow row(int line, CsvRecord row, Columns columns) {
        return row.getFieldCount() == columns.count
                ? new UploadedRow.Read(line, row.getField(columns.text), row.getField(columns.label))
                : unreadable(
                        line, "The row has " + row.getFieldCount() + " columns and the header " + columns.count + ".");
    }

    private static UploadedRow unreadable(int line, String problem) {
        return new UploadedRow.Unreadable(
                line,
                new RowError(
                        line,
                        "unreadable",
                        problem
                                + " Put quotes around a text with a comma or line break and double the quotes inside."));
    }
}
