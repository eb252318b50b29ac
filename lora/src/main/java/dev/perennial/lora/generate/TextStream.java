package dev.perennial.lora.generate;

/** From tokens to shown text: bytes to whole characters, and these up to a stop string. For one thread at a time. */
public final class TextStream {
    private final Utf8Stream characters = new Utf8Stream();
    private final StopStrings stops;

    public TextStream(StopStrings stops) {
        this.stops = stops;
    }

    /** The text that a token's bytes let out. */
    public String append(byte[] token) {
        return stops.append(characters.append(token));
    }

    /** The rest, when generation ends without a stop string; nothing after one. */
    public String end() {
        return stops.append(characters.end()) + stops.end();
    }

    /** Whether a stop string has been met. */
    public boolean stopped() {
        return stops.stopped();
    }
}
