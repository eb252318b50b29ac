package dev.perennial.generator.reply;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One utterance of a reply.
 *
 * @param index its place in the reply, from 0
 * @param label as the provider says; null where it says nothing
 * @param strategy how the offline provider made it
 * @param seeds ids of the samples that the offline provider rewrote
 */
public record Utterance(
        int index,
        String text,
        @Nullable String label,
        @Nullable String strategy,
        List<String> seeds) {
    public Utterance {
        Objects.requireNonNull(text);
        seeds = List.copyOf(seeds);
    }
}
