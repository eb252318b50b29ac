package dev.perennial.scorer.duplicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SignatureTest {
    private static final String TEXT = "my gateway has been offline since the update last night";

    @Test
    void case_punctuation_and_white_space_make_no_difference() {
        Signature plain = Signature.of(TEXT);
        Signature dressed = Signature.of("  My gateway has been OFFLINE, since the update\tlast night!");

        assertThat(plain.similarity(dressed)).isEqualTo(1);
    }

    @Test
    void word_order_makes_a_difference() {
        Signature there = Signature.of("fly me from paris to rome on monday");
        Signature back = Signature.of("fly me from rome to paris on monday");

        assertThat(there.similarity(back)).isLessThan(0.6);
    }

    @Test
    void unrelated_texts_are_hardly_similar() {
        assertThat(Signature.of(TEXT).similarity(Signature.of("please send the bill to my new address instead")))
                .isLessThan(0.05);
    }

    @Test
    void the_estimate_is_close_to_the_jaccard_similarity_of_the_word_pairs() {
        SplittableRandom random = new SplittableRandom(7);
        for (int changed = 1; changed < 40; changed += 6) {
            String[] words = words(random, 60);
            String[] others = words.clone();
            for (int i = 0; i < changed; i++) {
                others[random.nextInt(others.length)] = "changed" + i;
            }

            double estimate = Signature.of(String.join(" ", words)).similarity(Signature.of(String.join(" ", others)));

            assertThat(estimate).isCloseTo(jaccard(words, others), within(0.14));
        }
    }

    @Test
    void chinese_is_compared_by_characters() {
        Signature signature = Signature.of("宽带今天晚上一直断线怎么办");

        assertThat(signature.similarity(Signature.of("宽带今天晚上一直断线，怎么办？"))).isEqualTo(1);
        assertThat(signature.similarity(Signature.of("宽带今天早上一直断线怎么办"))).isBetween(0.3, 0.95);
        assertThat(signature.similarity(Signature.of("请把账单寄到我的新地址"))).isLessThan(0.05);
    }

    @Test
    void a_single_word_has_a_signature_and_it_survives_storage() {
        Signature signature = Signature.of("hello");

        assertThat(Signature.fromBytes(signature.toBytes()).similarity(signature))
                .isEqualTo(1);
        assertThat(signature.similarity(Signature.of("goodbye"))).isLessThan(0.1);
    }

    @Test
    void the_bytes_never_change_because_stored_signatures_depend_on_them() {
        byte[] bytes = Signature.of(TEXT).toBytes();

        assertThat(HexFormat.of().formatHex(bytes, 0, 16)).isEqualTo("431cc6431529dda31f0ebac96b2dba2d");
    }

    private static String[] words(SplittableRandom random, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "word" + random.nextInt(5000))
                .toArray(String[]::new);
    }

    private static double jaccard(String[] left, String[] right) {
        Set<List<String>> a = pairs(left);
        Set<List<String>> b = pairs(right);
        Set<List<String>> both = new HashSet<>(a);
        both.retainAll(b);
        return (double) both.size() / (a.size() + b.size() - both.size());
    }

    private static Set<List<String>> pairs(String[] words) {
        return IntStream.range(1, words.length)
                .mapToObj(i -> List.of(words[i - 1], words[i]))
                .collect(Collectors.toSet());
    }
}
