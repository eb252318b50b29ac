package dev.perennial.generator.reply;

import dev.perennial.common.text.ContentHash;
import dev.perennial.generator.seed.Seed;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which utterances of one reply may become candidates.
 *
 * @param kept in the order of the reply, texts with tidy white space
 * @param rejected how many were not, by reason
 */
public record Screening(List<Utterance> kept, Map<String, Integer> rejected) {
    public Screening {
        kept = List.copyOf(kept);
        rejected = Map.copyOf(rejected);
    }

    /** Of a call that brought nothing at all. */
    public static Screening nothing(String reason) {
        return new Screening(List.of(), Map.of(reason, 1));
    }

    /**
     * Screens a reply.
     *
     * @param label the label that was asked for
     * @param count how many were asked for; further ones are surplus
     * @param examples the samples that the provider saw, whose copies are worth nothing
     */
    public static Screening of(ReplyReader.Outcome reply, String label, int count, List<Seed> examples) {
        return switch (reply) {
            case ReplyReader.Outcome.Unreadable(String reason) -> nothing(reason);
            case ReplyReader.Outcome.Read(List<Utterance> utterances, boolean complete) ->
                utterances.isEmpty() ? nothing("no-utterances") : screen(utterances, label, count, examples);
        };
    }

    private static Screening screen(List<Utterance> utterances, String label, int count, List<Seed> examples) {
        Set<String> shown =
                examples.stream().map(seed -> ContentHash.of(seed.text())).collect(Collectors.toSet());
        Set<String> seen = new HashSet<>();
        List<Utterance> kept = new ArrayList<>();
        Map<String, Integer> rejected = new TreeMap<>();
        for (Utterance utterance : utterances) {
            Utterance tidy = tidy(utterance);
            String reason = kept.size() == count ? "surplus" : reason(tidy, label, shown, seen);
            if (reason == null) {
                kept.add(tidy);
            } else {
                rejected.merge(reason, 1, Integer::sum);
            }
        }
        return new Screening(kept, rejected);
    }

    private static @Nullable String reason(Utterance utterance, String label, Set<String> shown, Set<String> seen) {
        if (ContentHash.normalise(utterance.text()).isEmpty()) {
            return "empty";
        }
        String claimed = utterance.label();
        if (claimed != null && !fold(claimed).equals(fold(label))) {
            return "wrong-label";
        }
        String hash = ContentHash.of(utterance.text());
        if (shown.contains(hash)) {
            return "copy-of-example";
        }
        return seen.add(hash) ? null : "duplicate-in-reply";
    }

    /** PostgreSQL stores no NUL, and a text with line breaks in it is still one utterance. */
    private static Utterance tidy(Utterance utterance) {
        String text = Normalizer.normalize(utterance.text(), Normalizer.Form.NFC)
                .replaceAll("[\\p{Cntrl}\\s]+", " ")
                .strip();
        return new Utterance(utterance.index(), text, utterance.label(), utterance.strategy(), utterance.seeds());
    }

    private static String fold(String label) {
        return label.strip().toLowerCase(Locale.ROOT).replaceAll("[\\s_-]+", "_");
    }
}
