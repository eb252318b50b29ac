package dev.perennial.lora;

import dev.perennial.lora.decoder.Continuations;
import dev.perennial.lora.model.RowAdapters;
import dev.perennial.lora.model.TokenIds;
import java.util.ArrayList;
import java.util.List;
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
            int positions = positionsLeft(i, requests.get(i));
            texts.add(new GrowingText(loaded, i, requests.get(i), prompts.get(i).length, positions, listener));
        }
    }

    private int positionsLeft(int index, GenerationRequest request) {
        String name = "the prompt of requests[%d]".formatted(index);
        long[] prompt = prompts.get(index);
        int room = loaded.room(request.adapter());
        if (prompt.length == 0) {
            throw new IllegalArgumentException(name + " has no tokens: give it some text");
        }
        if (prompt.length >= room) {
            throw new IllegalArgumentException("%s has %d tokens, the model room for %d: shorten it to at most %d"
                    .formatted(name, prompt.length, room, room - 1));
        }
        TokenIds.requireKnown(name, prompt, loaded.model().config().vocabulary());
        return room - prompt.length;
    }

    List<Generation> run() {
        AdapterBatches.by(texts.stream().map(GrowingText::adapter).toList())
                .of(prompts, MAX_TEXTS, MAX_TOKENS)
                .forEach(batch -> run(batch.stream().map(texts::get).toList()));
        return texts.stream().map(GrowingText::result).toList();
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
