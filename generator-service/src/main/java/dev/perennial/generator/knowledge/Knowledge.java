package dev.perennial.generator.knowledge;

import dev.perennial.common.text.ContentHash;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The knowledge files that one generation run draws on. Immutable. */
public final class Knowledge {
    private final List<String> files;
    private final List<KnowledgeLine> lines;

    /**
     * Reads the lists in the files.
     *
     * @param files their texts, in the order of the model spec
     */
    public Knowledge(List<String> files) {
        this.files = List.copyOf(files);
        this.lines = files.stream()
                .flatMap(file -> KnowledgeLine.read(file).stream())
                .toList();
    }

    List<String> files() {
        return files;
    }

    /** What the lists offer for a slot: with this label, or without one where {@code label} is null. */
    public List<String> words(String slot, @Nullable String label) {
        return lines.stream()
                .filter(line -> line.slot().equals(slot) && Objects.equals(line.label(), label))
                .flatMap(line -> line.words().stream())
                .distinct()
                .toList();
    }

    /** The files without the list lines of other labels, which a prompt for this label would only pay for. */
    public String textFor(String label) {
        return files.stream()
                .map(file -> KnowledgeLine.without(file, other -> !other.equals(label)))
                .collect(Collectors.joining("\n\n"))
                .strip();
    }

    public String hash() {
        return ContentHash.sha256(String.join("\0", files));
    }
}
