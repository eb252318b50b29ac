package dev.perennial.common.event;

import dev.perennial.common.text.ContentHash;

/**
 * Ids that are a function of what caused the event, never of time or chance, so that doing the same work twice gives the
 * same event and the next stage drops the second one.
 */
public final class EventIds {
    private EventIds() {}

    /** The id of what {@code stage} makes from these inputs: 32 hex digits. */
    public static String of(String stage, Object... inputs) {
        StringBuilder name = new StringBuilder(stage);
        for (Object input : inputs) {
            name.append('\0').append(input);
        }
        return ContentHash.sha256(name.toString()).substring(0, 32);
    }
}
