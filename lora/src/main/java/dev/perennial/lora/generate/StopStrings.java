package dev.perennial.lora.generate;

import java.util.List;

/**
 * Ends a stream of text at the first stop string, which may come in pieces: text that may be the beginning of one is
 * held back until it is known not to be. For one thread at a time.
 */
public final class StopStrings {
    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private boolean stopped;

    public StopStrings(List<String> stops) {
        if (stops.contains("")) {
            throw new IllegalArgumentException("a stop string must not be empty");
        }
        this.stops = List.copyOf(stops);
    }

    /** The text that may be shown now: all before a stop string, nothing of it or after it. */
    public String append(String text) {
        if (stopped) {
            return "";
        }
        held.append(text);
        int end = firstStop();
        if (end >= 0) {
            stopped = true;
            return released(end);
        }
        return released(held.length() - possibleBeginning());
    }

    /** What was held back, when no more text comes. */
    public String end() {
        return stopped ? "" : released(held.length());
    }

    /** Whether a stop string has been met. */
    public boolean stopped() {
        return stopped;
    }

    private int firstStop() {
        return stops.stream()
                .mapToInt(held::indexOf)
                .filter(index -> index >= 0)
                .min()
                .orElse(-1);
    }

    /** Length of the longest end of the held text with which a stop string begins. */
    private int possibleBeginning() {
        int longest = 0;
        for (String stop : stops) {
            for (int length = Math.min(stop.length() - 1, held.length()); length > longest; length--) {
                if (stop.startsWith(held.substring(held.length() - length))) {
                    longest = length;
                }
            }
        }
        return longest;
    }

    private String released(int length) {
        String text = held.substring(0, length);
        held.delete(0, length);
        return text;
    }
}
