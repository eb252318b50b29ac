package dev.perennial.generator.provider.offline;

import dev.perennial.common.text.ContentHash;
import dev.perennial.generator.provider.Materials;
import dev.perennial.generator.template.GrammarText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The sentences of one label. They come as an endless stream that a seed determines: patterns and words are dealt from
 * shuffled decks, so that all are used before any is used again.
 */
final class SlotGrammar {
    private static final int TRIES = 40;

    private final Materials materials;
    private final String label;
    private final Map<String, List<String>> words = new HashMap<>();
    private final List<String> patterns;

    SlotGrammar(Materials materials, String label) {
        this.materials = materials;
        this.label = label;
        this.patterns = materials.grammar().patterns().getOrDefault(label, List.of()).stream()
                .filter(this::fillable)
                .toList();
    }

    /** Whether it has a sentence at all: a pattern whose slots all have words. */
    boolean speaks() {
        return !patterns.isEmpty();
    }

    /** The sentences at {@code from} to {@code from + count} of the stream; fewer when it has run dry. */
    List<String> sentences(RandomGenerator random, int from, int count) {
        Dealer dealer = new Dealer(random);
        Set<String> seen = new HashSet<>();
        List<String> sentences = new ArrayList<>();
        for (int position = 0; position < from + count; position++) {
            String sentence = dealer.fresh(seen);
            if (sentence == null) {
                break;
            }
            if (position >= from) {
                sentences.add(sentence);
            }
        }
        return sentences;
    }

    private boolean fillable(String phrase) {
        return GrammarText.slots(phrase).stream().noneMatch(slot -> words(slot).isEmpty());
    }

    /** The words of a slot that end somewhere: not those that lead back to it, nor those with a slot without words. */
    private List<String> words(String slot) {
        List<String> known = words.get(slot);
        if (known == null) {
            known = source(slot).stream()
                    .filter(word -> !leadsTo(slot, word, new HashSet<>()))
                    .filter(this::fillable)
                    .toList();
            words.put(slot, known);
        }
        return known;
    }

    private boolean leadsTo(String wanted, String phrase, Set<String> visited) {
        for (String slot : GrammarText.slots(phrase)) {
            boolean found = slot.equals(wanted)
                    || (visited.add(slot) && source(slot).stream().anyMatch(word -> leadsTo(wanted, word, visited)));
            if (found) {
                return true;
            }
        }
        return false;
    }

    /** Knowledge of this label, then knowledge of the devices in general, then the grammar's own words. */
    private List<String> source(String slot) {
        List<String> labelled = materials.knowledge().words(slot, label);
        if (!labelled.isEmpty()) {
            return labelled;
        }
        List<String> general = materials.knowledge().words(slot, null);
        return general.isEmpty() ? materials.grammar().slots().getOrDefault(slot, List.of()) : general;
    }

    private final class Dealer {
        private final RandomGenerator random;
        private final Deck<String> patternDeck;
        private final Map<String, Deck<String>> wordDecks = new HashMap<>();

        Dealer(RandomGenerator random) {
            this.random = random;
            this.patternDeck = new Deck<>(patterns, random);
        }

        @org.jspecify.annotations.Nullable
        String fresh(Set<String> seen) {
            for (int attempt = 0; attempt < TRIES; attempt++) {
                String sentence = fill(patternDeck.deal());
                if (seen.add(ContentHash.normalise(sentence))) {
                    return sentence;
                }
            }
            return null;
        }

        private String fill(String phrase) {
            return GrammarText.fill(
                    phrase,
                    slot -> fill(wordDecks
                            .computeIfAbsent(slot, name -> new Deck<>(words(name), random))
                            .deal()));
        }
    }
}
