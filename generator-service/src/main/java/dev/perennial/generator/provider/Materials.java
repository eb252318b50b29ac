package dev.perennial.generator.provider;

import dev.perennial.common.text.ContentHash;
import dev.perennial.generator.knowledge.Knowledge;
import dev.perennial.generator.template.Grammar;
import java.util.TreeMap;

/**
 * What a run's utterances are made from, for providers that do not read prompts.
 *
 * @param hash address of all of it
 * @param language BCP 47
 */
public record Materials(String hash, Grammar grammar, Knowledge knowledge, String language) {

    public static Materials of(Grammar grammar, Knowledge knowledge, String language) {
        String text = new TreeMap<>(grammar.patterns())
                + "\0"
                + new TreeMap<>(grammar.slots())
                + "\0"
                + knowledge.hash()
                + "\0"
                + language;
        return new Materials(ContentHash.sha256(text), grammar, knowledge, language);
    }
}
