package dev.perennial.lora;

import dev.perennial.lora.decoder.Continuations;
import dev.perennial.lora.model.Adapter;
import dev.perennial.lora.model.RowAdapters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/** One call for generation, for callers that hold model and adapters. */
final class GenerationBatches {
    /** Texts in a batch: more take memory for their keys and make the first one wait. */
    private static final int MAX_TEXTS = 32;
    /** Of prompts with their padding in a batch. */
    private static final int MAX_TOKENS = 8192;

    private final LoadedLanguageModel loaded;
    private final List<GrowingText> texts = new ArrayList<>();
    private final List<long[]> prompts;

    interface Tokens {
        long[] of(Prompt prompt);
    }

    /** Checks every request before any is begun. */
    GenerationBatches(
            LoadedLanguageModel loaded, List<GenerationRequest> requests, Tokens tokens, GenerationListener listener) {
        this.loaded = loaded;
        this.prompts =
                requests.stream().map(request -> tokens.of(request.prompt())).toList();
        for (int i = 0; i < requests.size(); i++) {
            int positions = positionsLeft(i, prompts.get(i));
            texts.add(new GrowingText(loaded, i, requests.get(i), prompts.get(i).length, positions, listener));
        }
    }

    private int positionsLeft(int request, long[] prompt) {
        int positions = loaded.model().config().maxPositions();
        int vocabulary = loaded.model().config().vocabulary();
        if (prompt.length == 0) {
            throw new IllegalArgumentException(
                    "the prompt of request %d has no tokens: give it some text".formatted(request));
        }
        if (prompt.length >= positions) {
            throw new IllegalArgumentException(
                    "the prompt of request %d has %d tokens, the model %d positions: shorten it to at most %d"
                            .formatted(request, prompt.length, positions, positions - 1));
        }
        for (long id : prompt) {
            if (id < 0 || id >= vocabulary) {
                throw new IllegalArgumentException(
                        "the prompt of request %d holds the token %d: the model has those from 0 to %d"
                                .formatted(request, id, vocabulary - 1));
            }
        }
        return positions - prompt.length;
    }

    List<Generation> run() {
        for (List<Integer> together : LengthBatches.of(prompts, MAX_TEXTS, MAX_TOKENS)) {
            run(together.stream().map(texts::get).sorted(byAdapter()).toList());
        }
        return texts.stream().map(GrowingText::result).toList();
    }

    /** Those with the same adapter one after another. */
    private Comparator<GrowingText> byAdapter() {
        Map<Adapter, Integer> numbers = new HashMap<>();
        texts.forEach(text -> numbers.putIfAbsent(text.adapter(), numbers.size()));
        return Comparator.comparing(text -> numbers.get(text.adapter()));
    }

    private void run(List<GrowingText> batch) {
        RowAdapters adapters =
                new RowAdapters(batch.stream().map(GrowingText::adapter).toList());
        try (Continuations continuations = new Continuations(loaded.model(), adapters)) {
            List<long[]> next =
                    batch.stream().map(text -> prompts.get(text.request())).toList();
            List<GrowingText> growing = batch;
            while (!growing.isEmpty()) {
                requireUninterrupted();
                float[][] logits = continuations.append(next);
                List<GrowingText> before = growing;
                int[] going = IntStream.range(0, before.size())
                        .filter(i -> before.get(i).accept(logits[i]))
                        .toArray();
                growing = IntStream.of(going).mapToObj(before::get).toList();
                if (going.length > 0 && going.length < before.size()) {
                    continuations.keep(going);
                    adapters.keep(going);
                }
                next = growing.stream()
                        .map(text -> new long[] {text.lastToken()})
                        .toList();
            }
        }
    }

    private static void requireUninterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("the thread was interrupted while it generated");
        }
    }
}
