package dev.perennial.lora.gpucheck;

import dev.perennial.lora.gpucheck.ClassResult.Failure;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The report in Markdown, up to the benchmark, which whoever started this appends.
 *
 * @param made when and of which sources
 * @param machine names and values
 * @param onGpu whether it ran on a GPU
 */
record Report(String made, Map<String, String> machine, boolean onGpu, List<ClassResult> classes) {
    /** All golden tests that ran passed, and there were some. */
    boolean passed() {
        return classes.stream().mapToInt(ClassResult::passed).sum() > 0
                && classes.stream().allMatch(result -> result.failures().isEmpty());
    }

    String markdown() {
        StringBuilder text = new StringBuilder("# gpu-check: ").append(passed() ? "passed" : "FAILED");
        text.append(onGpu ? " on " + machine.getOrDefault("device", "a GPU") : " on the processor, NOT on a GPU");
        text.append("\n\n").append(made).append("\n");
        if (!onGpu) {
            text.append("\n**No GPU was used: everything below ran on the processor and says nothing about one.**\n");
        }
        text.append("\n## Machine\n\n| | |\n| --- | --- |\n");
        machine.forEach((name, value) -> text.append("| %s | %s |\n".formatted(name, cell(value))));
        text.append(
                "\n## Golden tests\n\n| class | passed | failed | skipped | seconds | largest differences (allowed) |\n");
        text.append("| --- | --- | --- | --- | --- | --- |\n");
        classes.forEach(result -> text.append(row(result)));
        appendFailures(text);
        return text.toString();
    }

    private static String row(ClassResult result) {
        String differences = new TreeMap<>(result.differences())
                .entrySet().stream()
                        .map(entry -> String.format(
                                Locale.ROOT,
                                "%s %.1e (%.0e)",
                                entry.getKey(),
                                entry.getValue().difference(),
                                entry.getValue().allowed()))
                        .collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT,
                "| %s | %d | %d | %d | %.1f | %s |\n",
                result.name(),
                result.passed(),
                result.failures().size(),
                result.skipped(),
                result.seconds(),
                differences);
    }

    private void appendFailures(StringBuilder text) {
        if (passed()) {
            return;
        }
        text.append("\n### Failures\n\n");
        for (ClassResult result : classes) {
            for (Failure failure : result.failures()) {
                text.append("- %s, %s: %s\n".formatted(result.name(), failure.test(), cell(failure.message())));
            }
        }
    }

    private static String cell(String value) {
        return value.replace("|", "\\|").replace("\n", " ");
    }
}
