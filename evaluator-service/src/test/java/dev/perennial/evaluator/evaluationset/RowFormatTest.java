package dev.perennial.evaluator.evaluationset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.common.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowFormatTest {
    @Test
    void reads_json_lines_with_their_numbers_and_skips_blank_ones() {
        assertThat(read(RowFormat.JSON_LINES, """
                        {"text": "no picture", "label": "tv"}

                        {"text": "too dear", "label": "bill", "note": "ignored"}
                        """))
                .containsExactly(
                        new UploadedRow(1, "no picture", "tv", null), new UploadedRow(3, "too dear", "bill", null));
    }

    @Test
    void keeps_broken_lines_apart_from_good_ones() {
        List<UploadedRow> rows = read(RowFormat.JSON_LINES, """
                {"text": "no picture", "label": "tv"}
                {"text": "cut of
                ["a"]
                {"text": 5, "label": "tv"}
                {"text": "a", "label": "tv"} {"text": "b", "label": "tv"}
                """);

        assertThat(rows.get(0).problem()).isNull();
        assertThat(rows.get(1).problem()).contains("not a complete JSON object");
        assertThat(rows.get(2).problem()).contains("not a JSON object");
        assertThat(rows.get(3)).isEqualTo(new UploadedRow(4, null, "tv", null));
        assertThat(rows.get(4).problem()).contains("not a complete JSON object");
    }

    @Test
    void reads_csv_with_quotes_other_columns_and_a_byte_order_mark() {
        assertThat(read(RowFormat.CSV, "\uFEFFlabel,text,id\ntv,\"no \"\"picture\"\", again\",7\nbill,too dear,8\n"))
                .containsExactly(
                        new UploadedRow(2, "no \"picture\", again", "tv", null),
                        new UploadedRow(3, "too dear", "bill", null));
    }

    @Test
    void refuses_a_csv_whose_header_lacks_a_column() {
        assertThatThrownBy(() -> read(RowFormat.CSV, "text,intent\na,b\n"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("columns text and label");
    }

    @Test
    void says_where_a_csv_breaks() {
        List<UploadedRow> rows = read(RowFormat.CSV, "text,label\nfine,tv\n\"never closed,tv\nmore,tv\n");

        assertThat(rows.getLast().problem()).contains("not a CSV row");
        assertThat(rows.getLast().row()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void refuses_what_is_not_utf_8() {
        assertThatThrownBy(() -> RowFormat.CSV.read(new byte[] {(byte) 0xC3, (byte) 0x28}))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("UTF-8");
    }

    private static List<UploadedRow> read(RowFormat format, String body) {
        return format.read(body.getBytes(StandardCharsets.UTF_8));
    }
}
