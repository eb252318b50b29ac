package dev.perennial.scorer.duplicate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.common.text.ContentHash;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AcceptedTextsTest {
    private static final boolean REAL = true;
    private static final boolean SYNTHETIC = false;

    @Test
    void pairs_above_the_threshold_are_found_and_pairs_below_are_not() {
        SplittableRandom random = new SplittableRandom(3);
        for (double threshold : new double[] {0.3, 0.5, 0.8, 0.95}) {
            AcceptedTexts texts = new AcceptedTexts(threshold);
            Bands bands = Bands.forThreshold(threshold);
            assertThat(1 - Math.pow(1 - Math.pow(threshold, bands.rows()), bands.bands()))
                    .isGreaterThan(0.98);
            int found = 0;
            int expected = 0;
            for (int i = 0; i < 300; i++) {
                String text = text(random, 40);
                Signature signature = Signature.of(text);
                texts.add(ContentHash.of(text), signature, SYNTHETIC);
                Signature variant = Signature.of(vary(random, text, 1 + i % 12));
                double similarity = texts.similarity(variant, SYNTHETIC);
                boolean near = variant.similarity(signature) >= threshold;
                expected += near ? 1 : 0;
                found += near && similarity >= threshold ? 1 : 0;
                if (!near) {
                    assertThat(similarity).isLessThan(threshold);
                }
            }
            assertThat(found).isGreaterThanOrEqualTo((int) (expected * 0.98));
        }
    }

    @Test
    void growing_loses_nothing() {
        SplittableRandom random = new SplittableRandom(5);
        AcceptedTexts texts = new AcceptedTexts(0.8);
        String[] all = IntStream.range(0, 3000).mapToObj(i -> text(random, 12)).toArray(String[]::new);
        for (String text : all) {
            texts.add(ContentHash.of(text), Signature.of(text), SYNTHETIC);
        }
        for (String text : all) {
            assertThat(texts.contains(ContentHash.of(text), SYNTHETIC)).isTrue();
            assertThat(texts.similarity(Signature.of(text), SYNTHETIC)).isEqualTo(1);
        }
        assertThat(texts.contains(ContentHash.of("something else"), SYNTHETIC)).isFalse();
    }

    @Test
    void a_synthetic_text_never_keeps_a_real_one_out() {
        AcceptedTexts texts = new AcceptedTexts(0.8);
        String text = "the box under the stairs blinks red";
        texts.add(ContentHash.of(text), Signature.of(text), SYNTHETIC);

        assertThat(texts.contains(ContentHash.of(text), REAL)).isFalse();
        assertThat(texts.similarity(Signature.of(text), REAL)).isZero();

        texts.add(ContentHash.of(text), Signature.of(text), REAL);

        assertThat(texts.contains(ContentHash.of(text), REAL)).isTrue();
        assertThat(texts.similarity(Signature.of(text), SYNTHETIC)).isEqualTo(1);
    }

    @Test
    void a_threshold_of_one_turns_near_duplicates_off() {
        AcceptedTexts texts = new AcceptedTexts(1);
        String text = "the box under the stairs blinks red";
        texts.add(ContentHash.of(text), Signature.of(text), SYNTHETIC);

        assertThat(texts.similarity(Signature.of(text), SYNTHETIC)).isZero();
        assertThat(texts.contains(ContentHash.of(text), SYNTHETIC)).isTrue();
    }

    private static String text(SplittableRandom random, int words) {
        return IntStream.range(0, words)
                .mapToObj(i -> "w" + random.nextInt(20_000))
                .collect(Collectors.joining(" "));
    }

    private static String vary(SplittableRandom random, String text, int changes) {
        String[] words = text.split(" ", -1);
        for (int i = 0; i < changes; i++) {
            words[random.nextInt(words.length)] = "changed" + i;
        }
        return String.join(" ", words);
    }
}
