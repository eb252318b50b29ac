package dev.perennial.generator.provider.offline;

import java.util.Locale;
import java.util.random.RandomGenerator;

/** How a grammar's sentence is written down: by style with or without capitals and full stops, by difficulty with slips. */
final class Finish {
    private static final double TYPO_WHEN_MEDIUM = 0.15;
    private static final double TYPO_WHEN_HARD = 0.35;

    private Finish() {}

    static String apply(String sentence, String style, String difficulty, RandomGenerator random) {
        double typo = switch (difficulty) {
            case "hard" -> TYPO_WHEN_HARD;
            case "medium" -> TYPO_WHEN_MEDIUM;
            default -> 0;
        };
        String written = random.nextDouble() < typo ? Typos.make(sentence, random) : sentence;
        return style.toLowerCase(Locale.ROOT).contains("formal") ? formal(written) : casual(written, random);
    }

    private static String formal(String sentence) {
        String capital = sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1);
        int last = capital.codePointBefore(capital.length());
        boolean open = Character.isLetterOrDigit(last);
        return open ? capital + (Character.isIdeographic(last) ? "。" : ".") : capital;
    }

    private static String casual(String sentence, RandomGenerator random) {
        return switch (random.nextInt(4)) {
            case 0 -> sentence.toLowerCase(Locale.ROOT);
            case 1 -> sentence.replaceAll("[.!?]+$", "");
            default -> sentence;
        };
    }
}
