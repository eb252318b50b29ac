package dev.perennial.scorer.duplicate;

/**
 * How a signature is cut into bands of rows. Two signatures meet in the index when all rows of one band are equal: with
 * similarity s they do with probability {@code 1 - (1 - s^rows)^bands}.
 */
record Bands(int bands, int rows) {
    /** A pair that is exactly at the threshold is found at least this often; one beyond it, more often. */
    private static final double RECALL = 0.99;

    /** The most selective cut that still finds pairs at the threshold. */
    static Bands forThreshold(double threshold) {
        for (int rows = 8; rows > 1; rows--) {
            int bands = Signature.SIZE / rows;
            if (1 - Math.pow(1 - Math.pow(threshold, rows), bands) >= RECALL) {
                return new Bands(bands, rows);
            }
        }
        return new Bands(Signature.SIZE, 1);
    }

    int key(Signature signature, int band) {
        int hash = band;
        for (int row = band * rows; row < (band + 1) * rows; row++) {
            hash = hash * 0x01000193 + signature.part(row);
        }
        return Shingles.mix(hash);
    }

    boolean meet(Signature left, Signature right, int band) {
        for (int row = band * rows; row < (band + 1) * rows; row++) {
            if (left.part(row) != right.part(row)) {
                return false;
            }
        }
        return true;
    }
}
