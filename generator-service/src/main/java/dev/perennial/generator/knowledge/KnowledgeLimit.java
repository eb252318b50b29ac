package dev.perennial.generator.knowledge;

import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * How large knowledge may be.
 *
 * @param file largest size of one file; all of it may go into every prompt
 */
public record KnowledgeLimit(DataSize file) {
    public KnowledgeLimit(@Nullable DataSize file) {
        this.file = file == null ? DataSize.ofKilobytes(256) : file;
        if (this.file.toBytes() < 1) {
            throw new IllegalArgumentException("perennial.generator.knowledge.file must be at least one byte");
        }
    }
}
