package dev.perennial.generator.knowledge;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One list line of a knowledge file: {@code - <slot>[ (<label>)]: a | b | c} under a {@code ## <device>} heading. All
 * else in the file is prose for prompts.
 *
 * @param label null for words that belong to the device in general
 */
record KnowledgeLine(String device, String slot, @Nullable String label, List<String> words) {
    private static final Pattern HEADING = Pattern.compile("##\\s+(.+)");
    private static final Pattern LINE =
            Pattern.compile("-\\s+([A-Za-z][A-Za-z0-9_]*)(?:\\s+\\(([^()]+)\\))?\\s*:\\s*(\\S.*)");

    static List<KnowledgeLine> read(String file) {
        List<KnowledgeLine> lines = new ArrayList<>();
        String device = "";
        for (String text : file.lines().toList()) {
            Matcher heading = HEADING.matcher(text);
            if (heading.matches()) {
                device = heading.group(1).strip();
            } else if (!device.isEmpty()) {
                parse(device, text).ifPresent(lines::add);
            }
        }
        return List.copyOf(lines);
    }

    /** The file without the list lines whose label the predicate drops. */
    static String without(String file, Predicate<String> dropped) {
        return file.lines()
                .filter(text -> parse("", text)
                        .map(KnowledgeLine::label)
                        .filter(dropped)
                        .isEmpty())
                .collect(Collectors.joining("\n"));
    }

    private static Optional<KnowledgeLine> parse(String device, String text) {
        Matcher line = LINE.matcher(text.strip());
        if (!line.matches()) {
            return Optional.empty();
        }
        List<String> words = Arrays.stream(line.group(3).split("\\|"))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
        String label = line.group(2);
        return Optional.of(new KnowledgeLine(device, line.group(1), label == null ? null : label.strip(), words));
    }
}
