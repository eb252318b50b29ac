package dev.perennial.generator.provider.offline;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/** Cards dealt in random order, all of them before any comes again. */
final class Deck<T> {
    private final List<T> cards;
    private final RandomGenerator random;
    private int next;

    Deck(List<T> cards, RandomGenerator random) {
        if (cards.isEmpty()) {
            throw new IllegalArgumentException("a deck needs cards");
        }
        this.cards = new ArrayList<>(cards);
        this.random = random;
        this.next = this.cards.size();
    }

    T deal() {
        if (next == cards.size()) {
            Collections.shuffle(cards, random);
            next = 0;
        }
        return cards.get(next++);
    }
}
