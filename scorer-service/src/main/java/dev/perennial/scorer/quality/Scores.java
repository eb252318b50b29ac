package dev.perennial.scorer.quality;

/** Names of the scores. */
public final class Scores {
    /** Estimated similarity in words to an accepted text, 0 to 1. */
    public static final String NEAR_DUPLICATE = "nearDuplicate";

    /** Highest cosine similarity to an accepted text of the same label. */
    public static final String SEMANTIC_DUPLICATE = "semanticDuplicate";

    /** Probability that the claimed label is right. */
    public static final String LABEL_AGREEMENT = "labelAgreement";

    /** Rank of the claimed label among all, 1 is the most probable. */
    public static final String LABEL_RANK = "labelRank";

    private Scores() {}
}
