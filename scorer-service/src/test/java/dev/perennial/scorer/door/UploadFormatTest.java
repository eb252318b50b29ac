package dev.perennial.scorer.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.common.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class UploadFormatTest {
    @Test
    void json_lines_are_counted_with_the_blank_ones() {
        List<UploadedRow> rows = read(
                UploadFormat.JSON_LINES,
                "\uFEFF{\"text\": \"a\", \"label\": \"b\", \"more\": 1}\n\n[1]\n{\"text\": 1} {\"text\": 2}\n{\"text\": 1}\n");

        assertThat(rows.getFirst()).isEqualTo(new UploadedRow.Read(1, "a", "b"));
        assertThat(rows).extracting(UploadedRow::row).containsExactly(1, 3, 4, 5);
        assertThat(rows.get(1)).isInstanceOf(UploadedRow.Unreadable.class);
        assertThat(rows.get(2)).isInstanceOf(UploadedRow.Unreadable.class);
        assertThat(rows.getLast()).isEqualTo(new UploadedRow.Read(5, null, null));
    }

    @Test
    void csv_rows_keep_the_line_where_they_start() {
        List<UploadedRow> rows =
                read(UploadFormat.CSV, "id,label,text\r\n1,a,\"one\r\n\"\"two\"\", three\"\r\n\r\n2,b\r\n3,c,four\r\n");

        assertThat(rows.getFirst()).isEqualTo(new UploadedRow.Read(2, "one\r\n\"two\", three", "a"));
        assertThat(rows.get(1)).isInstanceOf(UploadedRow.Unreadable.class);
        assertThat(rows.get(1).row()).isEqualTo(5);
        assertThat(rows.getLast()).isEqualTo(new UploadedRow.Read(6, "four", "c"));
    }

    @Test
    void a_csv_quote_that_never_closes_is_an_error() {
        List<UploadedRow> rows = read(UploadFormat.CSV, "text,label\nfine,a\n\"open,b\nmore,c\n");

        assertThat(rows).hasSize(2);
        assertThat(rows.getLast()).isInstanceOf(UploadedRow.Unreadable.class);
        assertThat(rows.getLast().row()).isEqualTo(3);
    }

    @Test
    void an_empty_body_has_no_rows() {
        assertThat(read(UploadFormat.CSV, "")).isEmpty();
        assertThat(read(UploadFormat.CSV, "text,label\n")).isEmpty();
        assertThat(read(UploadFormat.JSON_LINES, "\n")).isEmpty();
    }

    @Test
    void other_encodings_are_refused_as_a_whole() {
        byte[] latin = "text,label\ncaf\u00e9,a\n".getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> UploadFormat.CSV.read(latin))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.code()).isEqualTo("not-utf-8"));
    }

    private static List<UploadedRow> read(UploadFormat format, String body) {
        return format.read(body.getBytes(StandardCharsets.UTF_8));
    }
}
