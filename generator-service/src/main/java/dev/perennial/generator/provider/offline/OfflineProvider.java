package dev.perennial.generator.provider.offline;

import dev.perennial.generator.provider.Ask;
import dev.perennial.generator.provider.Reply;
import dev.perennial.generator.provider.SampleProvider;
import dev.perennial.generator.seed.Seed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes without an LLM: sentences of the template's slot grammar, filled from knowledge, and rewrites of real samples.
 * The same ask always gets the same reply.
 */
public final class OfflineProvider implements SampleProvider {
    /** A grammar brings words that no real sample has yet; rewrites keep the tone of the real ones. */
    private static final double REWRITE_SHARE = 0.25;

    private static final JsonMapper JSON = new JsonMapper();

    private final Map<String, Rewriter> rewriters = new ConcurrentHashMap<>();

    private record Sample(String text, String label, String strategy, List<String> seeds) {}

    private record Document(List<Sample> samples) {}

    @Override
    public String name() {
        return "offline";
    }

    @Override
    public String llm() {
        return "none";
    }

    @Override
    public String parameters(Ask ask) {
        return Stream.of(
                        ask.label(),
                        ask.count(),
                        ask.style(),
                        ask.difficulty(),
                        ask.seed(),
                        ask.offset(),
                        ask.materials().hash(),
                        ask.examples().stream().map(Seed::sampleId).toList())
                .map(String::valueOf)
                .collect(Collectors.joining("\0"));
    }

    @Override
    public long estimatedTokens(Ask ask) {
        return 0;
    }

    @Override
    public Reply reply(Ask ask) {
        SlotGrammar grammar = new SlotGrammar(ask.materials(), ask.label());
        int rewrites = rewrites(ask, grammar);
        List<Sample> samples = new ArrayList<>();
        samples.addAll(sentences(ask, grammar, ask.count() - rewrites));
        samples.addAll(rewritten(ask, ask.count() - samples.size()));
        Collections.shuffle(samples, random(ask, "order", ask.offset()));
        return new Reply(JSON.writeValueAsString(new Document(samples)), 0, 0);
    }

    private static int rewrites(Ask ask, SlotGrammar grammar) {
        if (ask.examples().isEmpty()) {
            return 0;
        }
        return grammar.speaks() ? (int) Math.round(ask.count() * REWRITE_SHARE) : ask.count();
    }

    private static List<Sample> sentences(Ask ask, SlotGrammar grammar, int count) {
        if (!grammar.speaks()) {
            return List.of();
        }
        RandomGenerator finish = random(ask, "finish", ask.offset());
        return grammar.sentences(random(ask, "grammar", null), ask.offset(), count).stream()
                .map(sentence -> Finish.apply(sentence, ask.style(), ask.difficulty(), finish))
                .map(text -> new Sample(text, ask.label(), "grammar", List.of()))
                .toList();
    }

    private List<Sample> rewritten(Ask ask, int count) {
        if (ask.examples().isEmpty()) {
            return List.of();
        }
        Rewriter rewriter =
                rewriters.computeIfAbsent(ask.materials().language(), language -> new Rewriter(Lexicon.of(language)));
        RandomGenerator random = random(ask, "rewrite", ask.offset());
        Deck<Seed> deck = new Deck<>(ask.examples(), random);
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Seed seed = deck.deal();
            String text = rewriter.rewrite(seed.text(), changes(ask.difficulty()), random);
            samples.add(new Sample(text, ask.label(), "rewrite", List.of(seed.sampleId())));
        }
        return samples;
    }

    private static int changes(String difficulty) {
        return switch (difficulty) {
            case "easy" -> 1;
            case "hard" -> 3;
            default -> 2;
        };
    }

    /** Chance of its own for each purpose, so that more of one thing does not change another. */
    private static RandomGenerator random(Ask ask, String purpose, @Nullable Integer offset) {
        long name = (ask.label() + "\0" + purpose + "\0" + offset)
                .chars()
                .asLongStream()
                .reduce(7, (hash, letter) -> 31 * hash + letter);
        return new SplittableRandom(ask.seed() * 0x9E3779B97F4A7C15L + name);
    }
}
