package dev.perennial.lora;

/**
 * What a part of a step is to draw from: a pure function of these, so that a resumed run draws what the unbroken one would
 * have drawn.
 *
 * @param step counted from 1
 * @param part of the step's batch
 * @param quiet without dropout and noise
 */
record Draw(long seed, int step, int part, boolean quiet) {
    /** For a loss that is only looked at. */
    static Draw none() {
        return new Draw(0, 0, 0, true);
    }

    Dropout dropout(double share) {
        return new Dropout(quiet ? 0 : share, part == 0 ? seed : Seeds.mix(seed, part), step);
    }

    /** A stream of its own for a purpose. */
    long stream(String purpose) {
        return Seeds.mix(seed, step, part, purpose.hashCode());
    }
}
