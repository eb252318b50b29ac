package dev.perennial.generator.reply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.generator.seed.Seed;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScreeningTest {
    @Test
    void keeps_each_good_utterance_once_and_counts_the_rest_by_reason() {
        Screening screening = screen("""
                [{"text":"first","label":"slow_wifi"},
                 {"text":" First! ","label":"slow_wifi"},
                 {"text":"second","label":"Slow Wifi"},
                 {"text":"third","label":"outage"},
                 {"text":"...","label":"slow_wifi"},
                 {"text":"The Example.","label":"slow_wifi"},
                 {"text":"line one\\n line two"}]
                """, 10);

        assertThat(screening.kept())
                .extracting(Utterance::text)
                .containsExactly("first", "second", "line one line two");
        assertThat(screening.kept()).extracting(Utterance::index).containsExactly(0, 2, 6);
        assertThat(screening.rejected())
                .isEqualTo(Map.of("duplicate-in-reply", 1, "wrong-label", 1, "empty", 1, "copy-of-example", 1));
    }

    @Test
    void more_than_was_asked_for_is_surplus() {
        Screening screening = screen("[\"a\",\"b\",\"c\"]", 2);

        assertThat(screening.kept()).hasSize(2);
        assertThat(screening.rejected()).isEqualTo(Map.of("surplus", 1));
    }

    @Test
    void a_reply_without_utterances_is_one_rejection() {
        assertThat(screen("no idea", 2).rejected()).isEqualTo(Map.of("no-json", 1));
        assertThat(screen("{\"samples\":[]}", 2).rejected()).isEqualTo(Map.of("no-utterances", 1));
        assertThat(screen("{\"samples\":[{\"t", 2).rejected()).isEqualTo(Map.of("broken-json", 1));
    }

    private static Screening screen(String reply, int count) {
        return Screening.of(ReplyReader.read(reply), "slow_wifi", count, List.of(new Seed("s1", "the example")));
    }
}
