package dev.perennial.benchmarks.learn;

import dev.perennial.lora.LabelledText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Cross-validation: each text is left out exactly once. */
final class Folds {
    private Folds() {}

    /** Every fold has like many texts of each label. */
    static List<Round> of(List<LabelledText> texts, List<String> labels, int folds, long seed) {
        Random random = new Random(seed);
        List<LabelledText> dealt = new ArrayList<>();
        for (String label : labels) {
            List<LabelledText> own = new ArrayList<>(
                    texts.stream().filter(text -> text.label().equals(label)).toList());
            Collections.shuffle(own, random);
            dealt.addAll(own);
        }
        List<Round> rounds = new ArrayList<>();
        for (int fold = 0; fold < folds; fold++) {
            List<LabelledText> train = new ArrayList<>();
            List<LabelledText> leftOut = new ArrayList<>();
            for (int i = 0; i < dealt.size(); i++) {
                (i % folds == fold ? leftOut : train).add(dealt.get(i));
            }
            rounds.add(new Round(train, leftOut));
        }
        return rounds;
    }
}
