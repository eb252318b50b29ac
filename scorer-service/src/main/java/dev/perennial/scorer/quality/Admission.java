package dev.perennial.scorer.quality;

import dev.perennial.common.spec.QualitySpec;
import dev.perennial.scorer.agreement.Agreement;
import dev.perennial.scorer.duplicate.AcceptedTexts;
import org.jspecify.annotations.Nullable;

/**
 * Decides one sample after another against what was accepted before it. The order of the samples is therefore part of
 * the input. Not thread-safe.
 */
public final class Admission {
    private static final double OFF = 1;
    private static final double MORE_LIKELY_RIGHT = 0.5;

    private final QualitySpec quality;
    private final AcceptedTexts texts;
    private final AcceptedMeanings meanings;

    public Admission(QualitySpec quality, AcceptedTexts texts, AcceptedMeanings meanings) {
        this.quality = quality;
        this.texts = texts;
        this.meanings = meanings;
    }

    /** Form, rules, leak, exact and near duplicates. Changes nothing. */
    public Verdict byText(ScreenedSample sample, boolean heldOut) {
        if (!sample.reasons().isEmpty()) {
            return new Verdict(Verdict.accepted().scores(), sample.reasons());
        }
        if (heldOut) {
            return Verdict.rejected(Reasons.EVALUATION_LEAK);
        }
        if (texts.contains(sample.contentHash(), sample.isReal())) {
            return Verdict.rejected(Reasons.EXACT_DUPLICATE).with(Scores.NEAR_DUPLICATE, 1);
        }
        double similarity = texts.similarity(sample.signature(), sample.isReal());
        Verdict verdict = Verdict.accepted().with(Scores.NEAR_DUPLICATE, similarity);
        boolean duplicate = quality.duplicates().near() < OFF
                && similarity >= quality.duplicates().near();
        return duplicate ? verdict.because(Reasons.NEAR_DUPLICATE) : verdict;
    }

    /**
     * Label agreement and semantic duplicates, for a sample that passed {@link #byText}. Changes nothing.
     *
     * @param agreement null where too little is known to judge the label
     */
    public Verdict byMeaning(ScreenedSample sample, Verdict byText, @Nullable Agreement agreement, float[] embedding) {
        Verdict verdict = byText;
        if (agreement != null) {
            verdict = verdict.with(Scores.LABEL_AGREEMENT, agreement.probability())
                    .with(Scores.LABEL_RANK, agreement.rank());
            if (agreement.rank() > quality.labelAgreement().top() || agreement.probability() < MORE_LIKELY_RIGHT) {
                return verdict.because(Reasons.LABEL_DISAGREES);
            }
        }
        double threshold = quality.duplicates().threshold();
        if (threshold >= OFF) {
            return verdict;
        }
        double similarity = meanings.similarity(sample.label(), embedding);
        verdict = verdict.with(Scores.SEMANTIC_DUPLICATE, similarity);
        return similarity >= threshold ? verdict.because(Reasons.SEMANTIC_DUPLICATE) : verdict;
    }

    /** Later samples are compared with this one. */
    public void add(ScreenedSample sample, float @Nullable [] embedding) {
        texts.add(sample.contentHash(), sample.signature(), sample.isReal());
        if (embedding != null) {
            meanings.add(sample.label(), embedding);
        }
    }
}
