package dev.perennial.generator.provider.offline;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/** Says a sentence again in slightly other words: a few small changes, chosen by chance. */
final class Rewriter {
    private final List<Rewrite> rewrites;

    Rewriter(Lexicon lexicon) {
        this.rewrites = List.of(
                new SynonymRewrite(lexicon.synonyms()),
                new ContractionRewrite(lexicon.contractions()),
                Rewrite.opening(lexicon.openings()),
                Rewrite.closing(lexicon.closings()),
                Rewrite::swapClauses,
                Typos::make);
    }

    /**
     * The sentence after this many rewrites that changed something; fewer where no more apply.
     *
     * @param changes at least 1
     */
    String rewrite(String text, int changes, RandomGenerator random) {
        List<Rewrite> order = new ArrayList<>(rewrites);
        Collections.shuffle(order, random);
        String rewritten = text;
        int done = 0;
        for (Rewrite rewrite : order) {
            String next = rewrite.apply(rewritten, random);
            if (!next.equals(rewritten)) {
                rewritten = next;
                done++;
            }
            if (done == changes) {
                break;
            }
        }
        return rewritten;
    }
}
