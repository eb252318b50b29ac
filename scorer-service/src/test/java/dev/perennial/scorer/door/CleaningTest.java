package dev.perennial.scorer.door;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CleaningTest {
    @Test
    void white_space_of_all_kinds_becomes_single_spaces() {
        assertThat(Cleaning.clean(" \u00a0my\t\u2003router\r\nis  down\u3000")).isEqualTo("my router is down");
    }

    @Test
    void invisible_characters_go_and_letters_are_composed() {
        assertThat(Cleaning.clean("\uFEFFca\u200Bfe\u0301\u0000 \u00adtest")).isEqualTo("caf\u00e9 test");
    }

    @Test
    void how_people_write_stays() {
        String text = "WHY is it down?!! 👩\u200D🔧 ärgerlich… 断网了";

        assertThat(Cleaning.clean(text)).isEqualTo(text);
    }
}
