package dev.perennial.common.event;

/** Where a sample comes from. */
public enum SampleSource {
    /** Written by people or taken from real traffic. */
    REAL,
    /** Made by the generator. */
    SYNTHETIC
}
