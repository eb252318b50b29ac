package dev.perennial.lora;

import dev.perennial.lora.decoder.CausalExample;
import dev.perennial.lora.decoder.CausalScores;
import dev.perennial.lora.model.Adapter;
import dev.perennial.lora.model.RowAdapters;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Scores texts, for callers that hold model and adapters. */
record Scoring(LoadedLanguageModel loaded, Function<Prompt.Chat, String> written) {

    List<Score> of(List<ScoreRequest> requests) {
        List<CausalExample> examples = IntStream.range(0, requests.size())
                .mapToObj(i -> checked(i, example(requests.get(i))))
                .toList();
        Score[] scores = new Score[requests.size()];
        Map<Adapter, Integer> numbers = new HashMap<>();
        requests.forEach(request -> numbers.putIfAbsent(layers(request.adapter()), numbers.size()));
        for (List<Integer> together :
                LengthBatches.of(examples.stream().map(CausalExample::tokens).toList())) {
            List<Integer> batch = together.stream()
                    .sorted(Comparator.comparing(i -> Objects.requireNonNull(
                            numbers.get(layers(requests.get(i).adapter())))))
                    .toList();
            RowAdapters adapters = new RowAdapters(
                    batch.stream().map(i -> layers(requests.get(i).adapter())).toList());
            List<float[]> found = CausalScores.of(
                    loaded.model(), adapters, batch.stream().map(examples::get).toList());
            for (int i = 0; i < batch.size(); i++) {
                scores[batch.get(i)] = score(examples.get(batch.get(i)), found.get(i));
            }
        }
        return List.of(scores);
    }

    private static Adapter layers(@Nullable LanguageAdapter adapter) {
        return adapter == null ? Adapter.NONE : adapter.layers();
    }

    private static Score score(CausalExample example, float[] found) {
        long[] tokens = example.tokens();
        return new Score(
                Arrays.stream(tokens, tokens.length - found.length, tokens.length)
                        .boxed()
                        .toList(),
                IntStream.range(0, found.length)
                        .mapToObj(i -> (double) found[i])
                        .toList());
    }

    private CausalExample checked(int request, CausalExample example) {
        int positions = loaded.model().config().maxPositions();
        if (example.tokens().length > positions) {
            throw new IllegalArgumentException("text %d has %d tokens, the model %d positions: cut it into parts"
                    .formatted(request, example.tokens().length, positions));
        }
        if (example.targets() == 0) {
            throw new IllegalArgumentException(
                    "text %d has no token to score: give it more text, or something before it".formatted(request));
        }
        return example;
    }

    private CausalExample example(ScoreRequest request) {
        return switch (request.given()) {
            case null -> CausalExample.whole(loaded.tokenizer().encode(request.text()));
            case Prompt.Text(String before) ->
                after(loaded.tokenizer().encode(before), loaded.tokenizer().encode(before + request.text()));
            case Prompt.Chat chat -> {
                String before = written.apply(chat);
                yield after(
                        loaded.tokenizer().encodeBare(before),
                        loaded.tokenizer().encodeBare(before + request.text()));
            }
            case Prompt.Tokens(List<Long> ids) ->
                appended(ids, loaded.tokenizer().encodeBare(request.text()));
        };
    }

    private static CausalExample after(long[] before, long[] whole) {
        return new CausalExample(whole, LearningTexts.border(before, whole));
    }

    private static CausalExample appended(List<Long> before, long[] text) {
        long[] all = Arrays.copyOf(before.stream().mapToLong(Long::longValue).toArray(), before.size() + text.length);
        System.arraycopy(text, 0, all, before.size(), text.length);
        return new CausalExample(all, before.size());
    }
}
