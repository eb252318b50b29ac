package dev.perennial.generator.provider.offline;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;

/** Contracts one phrase, or spells one contraction out. */
final class ContractionRewrite implements Rewrite {
    private final Map<String, String> longByShort;

    ContractionRewrite(Map<String, String> longByShort) {
        this.longByShort = new TreeMap<>(longByShort);
    }

    @Override
    public String apply(String text, RandomGenerator random) {
        List<String> changed = new ArrayList<>();
        longByShort.forEach((contraction, phrase) -> {
            replace(text, contraction, phrase, changed);
            replace(text, phrase, contraction, changed);
        });
        return changed.isEmpty() ? text : changed.get(random.nextInt(changed.size()));
    }

    private static void replace(String text, String from, String to, List<String> changed) {
        Matcher found = SynonymRewrite.Words.pattern(from).matcher(text);
        if (found.find()) {
            boolean capital = Character.isUpperCase(text.charAt(found.start()));
            String replacement = capital ? Character.toUpperCase(to.charAt(0)) + to.substring(1) : to;
            changed.add(text.substring(0, found.start()) + replacement + text.substring(found.end()));
        }
    }
}
