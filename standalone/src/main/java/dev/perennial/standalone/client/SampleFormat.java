package dev.perennial.standalone.client;

import java.nio.file.Path;

/** How a file of samples is written. */
public enum SampleFormat {
    JSON_LINES("application/x-ndjson"),
    CSV("text/csv");

    private final String mediaType;

    SampleFormat(String mediaType) {
        this.mediaType = mediaType;
    }

    /** By the file's name: {@code .csv}, else JSON lines. */
    public static SampleFormat of(Path file) {
        return file.toString().endsWith(".csv") ? CSV : JSON_LINES;
    }

    String mediaType() {
        return mediaType;
    }
}
