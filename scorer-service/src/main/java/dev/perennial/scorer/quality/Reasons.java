package dev.perennial.scorer.quality;

/** Codes of the reasons for a rejection. A broken rule's code is {@code rule:} and the rule as it is written. */
public final class Reasons {
    public static final String BLANK = "text-blank";
    public static final String TOO_SHORT = "text-too-short";
    public static final String TOO_LONG = "text-too-long";
    public static final String CONTROL_CHARACTERS = "control-characters";
    public static final String LABEL_UNKNOWN = "label-unknown";
    public static final String RULE = "rule:";
    public static final String RULE_INVALID = "rule-invalid";
    public static final String EVALUATION_LEAK = "evaluation-leak";
    public static final String EXACT_DUPLICATE = "duplicate-exact";
    public static final String NEAR_DUPLICATE = "duplicate-near";
    public static final String SEMANTIC_DUPLICATE = "duplicate-semantic";
    public static final String LABEL_DISAGREES = "label-disagrees";

    private Reasons() {}
}
