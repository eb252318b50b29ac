package dev.perennial.scorer.agreement;

/**
 * Embeddings with labels.
 *
 * @param embeddings [N][D], L2-normalised
 * @param labels [N], each an index below L
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, read only
public record Labelled(float[][] embeddings, int[] labels) {
    public Labelled {
        if (embeddings.length != labels.length) {
            throw new IllegalArgumentException(
                    "as many embeddings as labels, not " + embeddings.length + " and " + labels.length);
        }
    }

    public int size() {
        return labels.length;
    }
}
