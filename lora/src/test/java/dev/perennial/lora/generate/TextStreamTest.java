package dev.perennial.lora.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextStreamTest {
    private static final String TEXT = "a é 中 👩‍👩‍👧 end\n\u0000\uFFFD";

    @Test
    void charactersComeWholeHoweverTheBytesAreCut() {
        byte[] bytes = TEXT.getBytes(StandardCharsets.UTF_8);
        Random random = new Random(1);
        for (int trial = 0; trial < 200; trial++) {
            Utf8Stream stream = new Utf8Stream();
            StringBuilder shown = new StringBuilder();
            for (int i = 0; i < bytes.length; ) {
                int end = Math.min(bytes.length, i + random.nextInt(4));
                shown.append(stream.append(Arrays.copyOfRange(bytes, i, end)));
                assertThat(TEXT).startsWith(shown);
                i = end;
            }
            assertThat(shown + stream.end()).isEqualTo(TEXT);
        }
    }

    @Test
    void aCharacterThatNeverEndsIsReplacedAndHoldsNothingUp() {
        Utf8Stream stream = new Utf8Stream();
        assertThat(stream.append(bytes(0xe4, 0xb8))).isEmpty();
        assertThat(stream.append(bytes('x'))).isEqualTo("\uFFFDx");
        assertThat(stream.append(bytes(0xff))).isEqualTo("\uFFFD");
        assertThat(stream.append(bytes(0xed, 0xa0))).as("begins a surrogate").isEqualTo("\uFFFD\uFFFD");
        assertThat(stream.append(bytes(0xf0, 0x9f, 0x91))).isEmpty();
        assertThat(stream.end()).isEqualTo("\uFFFD");
        assertThat(stream.end()).isEmpty();
    }

    /** The tables 3-8 to 3-11 of the Unicode standard; an X stands for U+FFFD. */
    @ParameterizedTest
    @CsvSource({
        "C0 AF E0 80 BF F0 81 82 41, XXXXXXXXA",
        "ED A0 80 ED BF BF ED AF 41, XXXXXXXXA",
        "F4 91 92 93 FF 41 80 BF 42, XXXXXAXXB",
        "E1 80 E2 F0 91 92 F1 BF 41, XXXXA"
    })
    void brokenBytesAreReplacedAsUnicodeRecommends(String hex, String expected) {
        Utf8Stream stream = new Utf8Stream();
        String text = stream.append(HexFormat.ofDelimiter(" ").parseHex(hex)) + stream.end();
        assertThat(text.replace('\uFFFD', 'X')).isEqualTo(expected);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    @Test
    void aStopStringMaySpanTokensAndNothingOfItIsShown() {
        StopStrings stops = new StopStrings(List.of("\nUser:", "STOP"));
        assertThat(stops.append("Hello\n")).isEqualTo("Hello");
        assertThat(stops.append("Us")).isEmpty();
        assertThat(stops.append("ual")).isEqualTo("\nUsual");
        assertThat(stops.append(" words S")).isEqualTo(" words ");
        assertThat(stops.append("TOP and more\nUser:")).isEmpty();
        assertThat(stops.stopped()).isTrue();
        assertThat(stops.append("later") + stops.end()).isEmpty();
    }

    @Test
    void theFirstOfSeveralStopStringsEndsTheText() {
        StopStrings stops = new StopStrings(List.of("cd", "abx", "bcd"));
        assertThat(stops.append("xa")).isEqualTo("x");
        assertThat(stops.append("bcd!")).isEqualTo("a");
        assertThat(stops.stopped()).isTrue();
    }

    @Test
    void whatOnlyLooksLikeAStopStringComesAtTheEnd() {
        StopStrings stops = new StopStrings(List.of("aab"));
        assertThat(stops.append("aaa")).isEqualTo("a");
        assertThat(stops.append("b")).isEmpty();
        assertThat(stops.stopped()).isTrue();
        StopStrings open = new StopStrings(List.of("aab"));
        assertThat(open.append("xaa") + open.end()).isEqualTo("xaa");
        assertThat(open.stopped()).isFalse();
        assertThatThrownBy(() -> new StopStrings(List.of(""))).hasMessageContaining("empty");
    }

    @Test
    void streamedInAnyPiecesTheTextEndsWhereTheWholeOneWould() {
        String stop = "中 👩";
        byte[] bytes = TEXT.getBytes(StandardCharsets.UTF_8);
        for (int size = 1; size < 9; size++) {
            TextStream stream = new TextStream(new StopStrings(List.of(stop, "never")));
            StringBuilder shown = new StringBuilder();
            for (int i = 0; i < bytes.length; i += size) {
                shown.append(stream.append(Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + size))));
            }
            assertThat(shown + stream.end()).isEqualTo(TEXT.substring(0, TEXT.indexOf(stop)));
            assertThat(stream.stopped()).isTrue();
        }
    }

    @Test
    void theEndLetsOutWhatWasHeldBackForCharactersAndStops() {
        TextStream stream = new TextStream(new StopStrings(List.of("\uFFFD!")));
        assertThat(stream.append(bytes('o', 'k', 0xf0, 0x9f))).isEqualTo("ok");
        assertThat(stream.end()).isEqualTo("\uFFFD");
    }
}
