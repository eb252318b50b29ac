package dev.perennial.generator.provider.offline;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Words of a language that rewrites exchange.
 *
 * @param synonyms groups of words that may stand for each other in most sentences
 * @param contractions long form by short form
 * @param openings put before a sentence
 * @param closings put after it
 */
record Lexicon(
        List<List<String>> synonyms, Map<String, String> contractions, List<String> openings, List<String> closings) {
    private static final Set<String> LANGUAGES = Set.of("en", "zh");
    private static final Lexicon EMPTY = new Lexicon(null, null, null, null);

    Lexicon(
            @Nullable List<List<String>> synonyms,
            @Nullable Map<String, String> contractions,
            @Nullable List<String> openings,
            @Nullable List<String> closings) {
        this.synonyms = synonyms == null ? List.of() : List.copyOf(synonyms);
        this.contractions = contractions == null ? Map.of() : Map.copyOf(contractions);
        this.openings = openings == null ? List.of() : List.copyOf(openings);
        this.closings = closings == null ? List.of() : List.copyOf(closings);
    }

    /** Of a language, or an empty one where none is written yet; then rewrites move and mistype words only. */
    static Lexicon of(String language) {
        String base = language.split("[-_]", 2)[0].toLowerCase(Locale.ROOT);
        if (!LANGUAGES.contains(base)) {
            return EMPTY;
        }
        try (InputStream yaml = Lexicon.class.getResourceAsStream("lexicon-" + base + ".yaml")) {
            if (yaml == null) {
                throw new IllegalStateException("the lexicon of '" + base + "' is missing from the jar");
            }
            return new YAMLMapper().readValue(yaml, Lexicon.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
