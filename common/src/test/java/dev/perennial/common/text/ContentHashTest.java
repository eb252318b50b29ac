package dev.perennial.common.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ContentHashTest {
    @Test
    void case_punctuation_white_space_and_unicode_form_do_not_matter() {
        assertThat(ContentHash.of("  My  gateway's OFFLINE!! "))
                .isEqualTo(ContentHash.of("my gateway s offline"))
                .isEqualTo(ContentHash.of("My\tgateway\u2019s offline."));
        assertThat(ContentHash.of("cafe\u0301")).isEqualTo(ContentHash.of("caf\u00e9"));
    }

    @Test
    void words_do() {
        assertThat(ContentHash.of("gateway offline")).isNotEqualTo(ContentHash.of("gatewayoffline"));
        assertThat(ContentHash.of("网关离线")).isNotEqualTo(ContentHash.of("网关在线"));
    }

    @Test
    void texts_without_letters_stay_apart() {
        assertThat(ContentHash.of("?!")).isNotEqualTo(ContentHash.of("!!!"));
    }

    @Test
    void ascii_texts_are_normalised_as_all_others() {
        Random random = new Random(4);
        for (int i = 0; i < 2000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(40); length > 0; length--) {
                text.append((char) random.nextInt(128));
            }
            // The last word takes it down the general path.
            assertThat(ContentHash.normalise(text + " \u00e9"))
                    .isEqualTo((ContentHash.normalise(text.toString()) + " \u00e9").strip());
        }
    }
}
