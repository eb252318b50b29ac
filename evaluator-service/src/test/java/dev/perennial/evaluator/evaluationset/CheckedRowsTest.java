package dev.perennial.evaluator.evaluationset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.lora.LabelledText;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckedRowsTest {
    private static final List<String> LABELS = List.of("tv", "bill");

    @Test
    void keep_good_rows_in_their_order_and_trimmed() {
        CheckedRows rows = check(row(1, " no picture ", "tv"), row(2, "too dear", "bill"));

        assertThat(rows.errors()).isEmpty();
        assertThat(rows.texts())
                .containsExactly(new LabelledText("no picture", "tv"), new LabelledText("too dear", "bill"));
    }

    @Test
    void say_of_each_bad_row_what_to_change() {
        CheckedRows rows = check(
                row(1, "  ", "tv"),
                row(2, null, "tv"),
                row(3, "a", "radio"),
                row(4, "a", null),
                row(5, "x".repeat(10_001), "tv"),
                UploadedRow.unreadable(6, "is broken"),
                row(7, "a\0b", "tv"));

        assertThat(rows.errors()).extracting(RowError::row).containsExactly(1, 2, 3, 4, 5, 6, 7);
        assertThat(rows.errors().get(2).message()).contains("'radio'").contains("task.labels");
        assertThat(rows.errors().get(5).message()).isEqualTo("is broken");
        assertThat(rows.errors().get(6).message()).contains("U+0000");
    }

    @Test
    void drop_a_row_that_repeats_another() {
        CheckedRows rows = check(row(1, "No picture!", "tv"), row(2, "no  picture", "tv"));

        assertThat(rows.texts()).hasSize(1);
        assertThat(rows.repeated()).isEqualTo(1);
    }

    @Test
    void refuse_a_row_that_contradicts_another() {
        CheckedRows rows = check(row(1, "No picture!", "tv"), row(2, "no picture", "bill"));

        assertThat(rows.errors())
                .containsExactly(new RowError(2, "has the text of row 1 but another label; keep one of them"));
    }

    private static CheckedRows check(UploadedRow... rows) {
        return CheckedRows.check(List.of(rows), LABELS);
    }

    private static UploadedRow row(int number, String text, String label) {
        return new UploadedRow(number, text, label, null);
    }
}
