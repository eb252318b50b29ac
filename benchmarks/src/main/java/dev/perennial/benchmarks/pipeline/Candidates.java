package dev.perennial.benchmarks.pipeline;

import dev.perennial.common.event.EventIds;
import dev.perennial.common.event.Provenance;
import dev.perennial.common.event.SampleEvent.SampleCandidate;
import dev.perennial.common.event.SamplePayload;
import dev.perennial.common.event.SampleSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Texts of 1 KB from a vocabulary of made-up words; every twentieth repeats an earlier one, exactly or nearly. */
final class Candidates {
    private static final int CHARACTERS = 1000;
    private static final int VOCABULARY = 5000;
    private static final String[] LABELS = {"one", "two", "three", "four"};

    private Candidates() {}

    static List<SampleCandidate> make(String model, int count) {
        Random random = new Random(7);
        String[] words = new String[VOCABULARY];
        for (int i = 0; i < VOCABULARY; i++) {
            words[i] = word(random);
        }
        List<SampleCandidate> candidates = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String text = i % 20 == 19 ? repeated(candidates, random, words) : text(random, words);
            candidates.add(new SampleCandidate(
                    EventIds.of("benchmark", model, i),
                    model,
                    SampleSource.SYNTHETIC,
                    new SamplePayload.LabelledText(text, LABELS[i % LABELS.length]),
                    new Provenance("benchmark", null, null, null, null, null, List.of())));
        }
        return candidates;
    }

    private static String repeated(List<SampleCandidate> candidates, Random random, String[] words) {
        String earlier =
                candidates.get(random.nextInt(candidates.size())).payload().text();
        return random.nextBoolean() ? earlier : earlier + " " + words[random.nextInt(words.length)];
    }

    private static String text(Random random, String[] words) {
        StringBuilder text = new StringBuilder(CHARACTERS);
        while (text.length() < CHARACTERS - 10) {
            text.append(text.isEmpty() ? "" : " ").append(words[random.nextInt(words.length)]);
        }
        return text.toString();
    }

    private static String word(Random random) {
        StringBuilder word = new StringBuilder();
        for (int i = 3 + random.nextInt(7); i > 0; i--) {
            word.append((char) ('a' + random.nextInt(26)));
        }
        return word.toString();
    }
}
